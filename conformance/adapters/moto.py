"""moto's server as the S3 endpoint of a run; the only importer of moto. Run it as ``python -m conformance.adapters.moto FD``."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import make_server


def main() -> None:
    """Serve on the listening socket that the parent process has left us, until told to end, or until the parent is gone."""
    parent = os.getppid()
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    server = make_server(
        "127.0.0.1", 0, DomainDispatcherApplication(create_backend_app), threaded=True, request_handler=MotoRequestHandler,
        fd=int(sys.argv[1]),
    )  # fmt: skip
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdout.write(f"listening on http://127.0.0.1:{server.port}\n")
    sys.stdout.flush()
    while not ended.wait(0.5) and os.getppid() == parent:
        time.sleep(0)
    os._exit(0)


if __name__ == "__main__":
    main()
