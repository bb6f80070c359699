"""Runs the application until it is stopped; the door to uvicorn."""

import errno
import socket
from contextlib import suppress

import uvicorn
from starlette.applications import Starlette

from scorer.errors import ConfigurationError

PATIENCE_S = 5
"""Seconds that an interrupted server gives the answers that it is still writing."""


def bound(host: str, port: int) -> socket.socket:
    """A socket that listens, so that nothing is announced that then does not answer.

    Args:
        host: address to bind to.
        port: of the server; 0 for a free one.

    Raises:
        ConfigurationError: the port is taken, or not to be had, or this machine has no such address.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            words = f"port {port} of {host} is in use: stop what listens there, or name another with --port"
        elif error.errno == errno.EACCES:
            words = f"port {port} is kept for the system: name one above 1023 with --port"
        else:
            words = f"--host {host} is no address of this machine: leave it out, or name one of `ip address`"
        raise ConfigurationError(words) from error


def serve_app(app: Starlette, listening: socket.socket) -> None:
    """Serve until interrupted; what is being answered then is answered.

    Args:
        app: see `make_app`.
        listening: see `bound`.
    """
    config = uvicorn.Config(
        app, log_level="warning", server_header=False, proxy_headers=False, timeout_graceful_shutdown=PATIENCE_S
    )
    with listening, suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listening])
