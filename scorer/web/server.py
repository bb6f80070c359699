"""Runs the application until it is stopped; the door to uvicorn."""

import uvicorn
from starlette.applications import Starlette


def serve_app(app: Starlette, host: str, port: int) -> None:
    """Serve until interrupted.

    Args:
        app: see `make_app`.
        host: address to bind to.
        port: of the server.
    """
    uvicorn.run(app, host=host, port=port, log_level="warning", server_header=False, proxy_headers=False)
