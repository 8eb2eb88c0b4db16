"""Keys from a profile of the AWS tools or from the environment, renewed as they expire; the importer of botocore's sessions."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from botocore.credentials import EnvProvider
from botocore.exceptions import BotoCoreError
from botocore.session import Session

from conformance.errors import CredentialsError
from conformance.target import Keys

NCLOUD_VARIABLES = ("NCLOUD_ACCESS_KEY", "NCLOUD_SECRET_KEY")
_FAILURES = (BotoCoreError, RuntimeError, ValueError, OSError)


def profile_keys(name: str) -> Callable[[], Keys]:
    """Gives the keys of a profile in the files of the AWS tools, also of one that assumes a role, signs on or runs a command.

    Raises:
        CredentialsError: there is no such profile, or it gives no keys; the function raises it where they cannot be renewed.
    """
    try:
        session = Session(profile=name)
        providers = session.get_component("credential_provider")
        for elsewhere in ("iam-role", "container-role"):
            providers.remove(elsewhere)  # a profile without keys must not fall back to those of this machine
        found = session.get_credentials()
    except _FAILURES as error:
        raise CredentialsError(f"expected keys in the profile {name!r} but: {error}") from error
    if found is None:
        raise CredentialsError(f"expected keys in the profile {name!r} but it gives none; try `aws configure list`")
    return _giving(found, f"the profile {name!r}")


def environment_keys(scheme: str) -> Callable[[], Keys]:
    """Gives the keys of the environment, under the names that the tools of a scheme know them by.

    Raises:
        CredentialsError: they are not set, or have expired.
    """
    if scheme == "ncloud":
        return _of_ncloud()
    try:
        found = EnvProvider().load()
    except _FAILURES as error:
        raise CredentialsError(f"expected keys in the environment but: {error}") from error
    if found is None:
        raise CredentialsError(
            "expected AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN, if there is one) in the "
            "environment, as the target file says, but they are not set"
        )
    return _giving(found, "the environment")


def _of_ncloud() -> Callable[[], Keys]:
    missing = [name for name in NCLOUD_VARIABLES if not os.environ.get(name)]
    if missing:
        raise CredentialsError(
            f"expected {' and '.join(missing)} in the environment, as the target file says, but it is not set"
        )
    keys = Keys(access_key=os.environ[NCLOUD_VARIABLES[0]], secret_key=os.environ[NCLOUD_VARIABLES[1]])
    return lambda: keys


def _giving(found: Any, where: str) -> Callable[[], Keys]:
    """The keys of botocore's credentials, which renew themselves; asked for once, to see that they are there."""

    def give() -> Keys:
        try:
            frozen = found.get_frozen_credentials()
        except _FAILURES as error:
            raise CredentialsError(f"the credentials of {where} have expired and are not renewed: {error}") from error
        return Keys(access_key=frozen.access_key, secret_key=frozen.secret_key, session_token=frozen.token or "")

    give()
    return give
