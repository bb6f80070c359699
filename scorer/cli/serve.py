"""scorer serve: the release in a browser."""

from pathlib import Path
from typing import Annotated

import typer

from scorer.cli.show import note, say
from scorer.cli.state import bench_of
from scorer.workflows.serve import serve

LOOPBACK = "127.0.0.1"


def serve_command(
    context: typer.Context,
    release: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="A release. Default: results.duckdb of the workspace.")
    ] = None,
    host: Annotated[
        str, typer.Option("--host", metavar="ADDRESS", help="Address to listen on; off loopback a token is needed.")
    ] = LOOPBACK,
    port: Annotated[int, typer.Option("--port", min=1, max=65535, metavar="PORT", help="Port to listen on.")] = 8470,
    allow_host: Annotated[
        list[str] | None,
        typer.Option("--allow-host", metavar="NAME", help="A further name by which it may be called; repeatable."),
    ] = None,
) -> None:
    """Look at a release in a browser, until Ctrl-C."""
    say(f"http://{f'[{host}]' if ':' in host else host}:{port} until Ctrl-C")
    if host != LOOPBACK:
        note("put a proxy that speaks TLS in front (Caddy, nginx): without it the token can be read on the way")
    serve(bench_of(context), release, host, port, allow_host or [])
