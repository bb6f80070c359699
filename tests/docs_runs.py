"""How the tests follow a page: each block from top to bottom as a reader runs it, each notebook from its first cell."""

import os
import subprocess
import sys
import warnings
from collections.abc import Mapping
from pathlib import Path

import duckdb
import nbformat
import quick_commands
from docs_pages import RUN, Block, blocks
from nbclient import NotebookClient
from shared_data import REPOSITORY

BLOCK_S = 500
"""Seconds for one block; the longest asks a small model some hundred questions, on a machine that may be busy."""

Addresses = Mapping[str, str]
"""What the pages call the endpoints, and where they are here."""


def follow(page: str, workspace: Path, addresses: Addresses) -> None:
    """Run a page or a notebook, named by its path from the top, in a workspace."""
    if page.endswith(".ipynb"):
        follow_notebook(REPOSITORY / page, workspace, addresses)
    else:
        follow_page(page, workspace, addresses)


def follow_page(page: str, workspace: Path, addresses: Addresses) -> None:
    """Run every block of a page in a workspace; an assertion says which one ended otherwise, and what it said."""
    for block in blocks(page):
        _run_block(block, _here(block.text, addresses), workspace)


def follow_notebook(notebook: Path, workspace: Path, addresses: Addresses) -> None:
    """Run a notebook in a workspace; none is kept with the outcome of a machine, and no command in it fails."""
    text = notebook.read_text(encoding="utf-8")
    assert not any(cell.get("outputs") for cell in nbformat.reads(text, as_version=4).cells)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what the kernel's libraries say of each other is not about the tutorial
        cells = nbformat.reads(_here(text, addresses), as_version=4)
        client = NotebookClient(cells, timeout=120, resources={"metadata": {"path": str(workspace)}})
        executed = client.execute(env=_environment())
    shell = [out.get("text", "") for cell in executed.cells for out in cell.get("outputs", [])]
    assert not [said for said in shell if said.startswith("error:")]


def _here(text: str, addresses: Addresses) -> str:
    for written, real in addresses.items():
        text = text.replace(written, real)
    return text


def _environment() -> dict[str, str]:
    """`scorer` without its start-up, the environment's other programs, no settings from outside."""
    given = {name: value for name, value in os.environ.items() if name != "SCORER_WORKSPACE"}
    path = (str(quick_commands.start()), str(Path(sys.executable).parent), os.environ["PATH"])
    return {**given, "PATH": os.pathsep.join(path), "COLUMNS": "160"}


def _command(language: str, text: str) -> list[str]:
    """The program that runs a block; `make` makes environments and has tests of its own, so its lines are left out."""
    if language == "python":
        return [sys.executable, "-c", text]
    script = "\n".join(line for line in text.splitlines() if not line.startswith("make "))
    return ["bash", "-euo", "pipefail", "-c", script]


def _run_block(block: Block, text: str, workspace: Path) -> None:
    if block.writes:
        (workspace / block.writes).write_text(text)
    elif block.language == "sql":
        with duckdb.connect(workspace / "results.duckdb", read_only=True) as release:
            assert release.execute(text).fetchall(), f"{block}: nothing found"
    elif block.language in RUN:
        said = subprocess.run(
            _command(block.language, text),
            cwd=workspace,
            env=_environment(),
            capture_output=True,
            text=True,
            timeout=BLOCK_S,
            check=False,
        )
        assert said.returncode == block.exits, f"{block}: exit {said.returncode}\n{said.stdout}\n{said.stderr}"
