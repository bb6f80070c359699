"""Look at a release, and work on it, in a browser."""

import os
from collections.abc import Sequence
from pathlib import Path

from scorer.web import TOKEN_VARIABLE, Uses, doorkeeper, make_app, serve_app
from scorer.workflows.bench import Bench


def uses(bench: Bench) -> Uses:
    """What the pages may ask of this workspace."""
    _ = bench
    return Uses()


def serve(bench: Bench, release: Path | None, host: str, port: int, allowed: Sequence[str] = ()) -> None:
    """Serve until interrupted.

    Args:
        bench: the workspace.
        release: what to show; None for the workspace's own. It need not be there yet.
        host: address to bind to; off loopback a token is needed.
        port: of the server.
        allowed: further names by which it may be called.

    Raises:
        ConfigurationError: it would be open to anybody.
    """
    keeper = doorkeeper(host, list(allowed), os.environ.get(TOKEN_VARIABLE))
    app = make_app(release or bench.workspace.release_path, uses(bench), keeper)
    serve_app(app, host, port)
