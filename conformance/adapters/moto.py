"""moto's server as the S3 endpoint of a run; the only importer of moto. Run it as ``python -m conformance.adapters.moto``."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time

from moto.server import ThreadedMotoServer


def main() -> None:
    """Serve on a free port of the loopback interface until told to end, or until the parent process is gone."""
    parent = os.getppid()
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    sys.stdout.write(f"listening on http://{host}:{port}\n")
    sys.stdout.flush()
    while not ended.wait(0.5) and os.getppid() == parent:
        time.sleep(0)
    os._exit(0)


if __name__ == "__main__":
    main()
