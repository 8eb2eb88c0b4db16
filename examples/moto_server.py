"""Starts moto's server with settings that it has no flags for: its own configuration, roles that exist, how quick jobs are.

moto is the target here, and no part of the suite; this takes the place of the requests by which its users set it up.
"""

from __future__ import annotations

import argparse
import json

from moto.core.models import default_user_config
from moto.iam.models import iam_backends
from moto.moto_api import state_manager
from moto.moto_api._internal.models import moto_api_backend
from moto.server import main


def prepare(account: str, role: str) -> None:
    """Have a role there, also after a reset of moto by its own API."""
    forget = moto_api_backend.reset

    def make() -> None:
        iam_backends[account]["aws"].create_role(role, "{}", "/", None, "", [], 3600)

    def reset() -> None:
        forget()
        make()

    moto_api_backend.reset = reset
    make()


def serve() -> None:
    """Set up and serve until ended."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", required=True)
    parser.add_argument("--config", type=json.loads, default={}, help="moto's configuration, as JSON")
    parser.add_argument("--role", help="name of a role that is to exist")
    parser.add_argument("--account", default="123456789012")
    parser.add_argument(
        "--seconds", nargs=2, metavar=("MODEL", "SECONDS"), help="how long each status of a model lasts"
    )
    options = parser.parse_args()
    default_user_config.update(options.config)
    if options.role:
        prepare(options.account, options.role)
    if options.seconds:
        model, seconds = options.seconds
        state_manager.set_transition(model, {"progression": "time", "seconds": float(seconds)})
    main(["-H", "127.0.0.1", "-p", options.port])


if __name__ == "__main__":
    serve()
