"""scorer serve, scorer site: a release in a browser, from a server or from files."""

from pathlib import Path
from time import monotonic
from typing import Annotated

import typer

from scorer.cli.show import note, say
from scorer.cli.state import bench_of

LOOPBACK = "127.0.0.1"
LOOPBACK_NAMES = {LOOPBACK, "localhost", "::1"}
HIGHEST_PORT = 65_535
TOLD_EVERY_S = 10.0
"""Seconds between two words about how far a site is: a whole release takes minutes, a small one no word."""


def serve_command(
    context: typer.Context,
    release: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="A release. Default: results.duckdb of the workspace.")
    ] = None,
    host: Annotated[
        str, typer.Option("--host", metavar="ADDRESS", help="Address to listen on; off loopback a token is needed.")
    ] = LOOPBACK,
    port: Annotated[
        int, typer.Option("--port", min=0, metavar="PORT", help="Port to listen on, up to 65535; 0 for a free one.")
    ] = 8470,
    allow_host: Annotated[
        list[str] | None,
        typer.Option("--allow-host", metavar="NAME", help="A further name by which it may be called; repeatable."),
    ] = None,
) -> None:
    """Look at a release in a browser, until Ctrl-C."""
    if port > HIGHEST_PORT:
        raise typer.BadParameter(f"--port {port}: the highest port is {HIGHEST_PORT}")
    from scorer.workflows.publication.serve import serve  # noqa: PLC0415 - a web server is nothing that other commands should load

    def ready(listens_at: int) -> None:
        say(f"http://{f'[{host}]' if ':' in host else host}:{listens_at} until Ctrl-C")
        if host not in LOOPBACK_NAMES:
            note("put a proxy that speaks TLS in front (Caddy, nginx): without it the token can be read on the way")

    serve(bench_of(context), release, host, port, allow_host or [], ready=ready)


def site_command(
    context: typer.Context,
    out: Annotated[Path, typer.Argument(metavar="DIR", help="Where the site goes; an earlier one is replaced whole.")],
    release: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="A release. Default: results.duckdb of the workspace.")
    ] = None,
) -> None:
    """Write the read-only pages of a release as plain files."""
    from scorer.workflows.publication.serve import site  # noqa: PLC0415 - see `serve_command`

    last = monotonic()

    def far(done: int, total: int) -> None:
        nonlocal last
        if monotonic() - last >= TOLD_EVERY_S:
            last = monotonic()
            note(f"{done:,} of {total:,} files")

    count = site(bench_of(context), out, release, far=far)
    say(f"{count:,} files in {out}: open {out / 'index.html'}")
