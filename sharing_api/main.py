"""Runs the API in the foreground: `python -m sharing_api.main --port 8714`."""

import argparse
import gc
import logging
import multiprocessing
import os
import signal
import sys
import threading

import uvicorn

from databases import settings as settings_module
from sharing_api.app import create_app
from sharing_api.settings import MAX_BODY_BYTES

SWITCH_SECONDS = 0.001
GARBAGE_OBJECTS = 50_000


def application() -> object:
    """Build the API for a worker process of the server."""
    end_with_supervisor()
    # The event loop must not wait five milliseconds for the corridor's threads to pause.
    sys.setswitchinterval(SWITCH_SECONDS)
    app = create_app(settings_module.load())
    # Questions leave little for the collector of cycles: it need not look through everything that
    # is loaded, nor look after every few of them.
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE_OBJECTS)
    return app


def end_with_supervisor() -> None:
    """End this worker when the process that started it is gone, however that one ended.

    A worker that stayed would go on answering on a port that no command of the operator finds.
    """
    supervisor = multiprocessing.parent_process()
    if supervisor is not None:
        threading.Thread(
            target=_end_after, args=(supervisor,), name="supervisor", daemon=True
        ).start()


def _end_after(supervisor: multiprocessing.process.BaseProcess) -> None:
    supervisor.join()
    os.kill(os.getpid(), signal.SIGTERM)


def main() -> None:
    """Run the server until it is told to stop."""
    parser = argparse.ArgumentParser(description="The sharing API.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8714)
    parser.add_argument("--workers", type=int, default=1)
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    uvicorn.run(
        "sharing_api.main:application",
        factory=True,
        host=arguments.host,
        port=arguments.port,
        workers=arguments.workers,
        loop="uvloop",
        http="httptools",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        log_level="warning",
        h11_max_incomplete_event_size=MAX_BODY_BYTES,
        timeout_graceful_shutdown=10,
    )


if __name__ == "__main__":
    main()
