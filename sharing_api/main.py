"""Runs the API in the foreground: `python -m sharing_api.main --port 8714`."""

import argparse
import logging
import sys

import uvicorn

from databases import settings as settings_module
from sharing_api.app import create_app
from sharing_api.settings import MAX_BODY_BYTES

SWITCH_SECONDS = 0.001


def application() -> object:
    """Build the API for a worker process of the server."""
    # The event loop must not wait five milliseconds for the corridor's threads to pause.
    sys.setswitchinterval(SWITCH_SECONDS)
    return create_app(settings_module.load())


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
