"""moto's server as the S3 endpoint of a run; the only importer of moto. Run it as ``python -m conformance.adapters.moto FD``."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time

from moto.moto_server.werkzeug_app import MotoRequestHandler, create_backend_app
from werkzeug.serving import make_server


class _Handler(MotoRequestHandler):
    """Logs nothing that nobody reads."""

    def log_request(self, *_: object) -> None:
        """Say nothing of a request."""


def main() -> None:
    """Serve on the listening socket that the parent process has left us, until told to end, or until the parent is gone."""
    parent = os.getppid()
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    # Its application of S3 alone: the one of all services looks for the right one again at each request.
    application = create_backend_app("s3")
    server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=_Handler, fd=int(sys.argv[1]))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdout.write(f"listening on http://127.0.0.1:{server.port}\n")
    sys.stdout.flush()
    while not ended.wait(0.5) and os.getppid() == parent:
        time.sleep(0)
    os._exit(0)


if __name__ == "__main__":
    main()
