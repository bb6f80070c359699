#!/usr/bin/env python3
"""Builds the documentation site: `python docs/build_site.py DIR`, by default `build/site`.

The Markdown in the repository is the source, README and all, so that the same files read well on a code host, in an
editor and on the site. They are staged under the paths that they have here: a relative link means the same everywhere.
The build is strict; a link or heading that is not there ends it.
"""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
CONFIG = ROOT / "docs" / "site.yml"
STAGED = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE", "docs", "eval/gold/reference_v1")
NOT_SHOWN = shutil.ignore_patterns("*.py", "site.yml", "__pycache__", ".ipynb_checkpoints")
REST = "More"
SEARCH = "its search needs a web server, such as: python -m http.server --bind 127.0.0.1 --directory {}\n"

Nav = list[dict[str, Any]]


def stage(pages: Path) -> None:
    """Copy what the site shows, or links to, under the path that it has in the repository."""
    for name in STAGED:
        source, target = ROOT / name, pages / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=NOT_SHOWN)
        else:
            shutil.copy(source, target)


def navigation(nav: Nav, pages: Path) -> Nav:
    """The navigation with `DIR/*` spelled out, and with a last section of the pages that it does not name."""
    whole = [_spelled_out(entry, pages) for entry in nav]
    there = {page.relative_to(pages).as_posix() for page in pages.rglob("*.md")}
    forgotten = sorted(there - set(_paths(whole)))
    return [*whole, {REST: [{_heading(pages / page): page} for page in forgotten]}] if forgotten else whole


def _spelled_out(entry: dict[str, Any], pages: Path) -> dict[str, Any]:
    ((title, below),) = entry.items()
    if isinstance(below, list):
        return {title: [_spelled_out(one, pages) for one in below]}
    if not below.endswith("/*"):
        return entry
    found = sorted(pages.glob(f"{below}.md"), key=lambda page: (page.name != "README.md", page.name))
    return {title: [{_heading(page): page.relative_to(pages).as_posix()} for page in found]}


def _paths(nav: Nav) -> Iterator[str]:
    for entry in nav:
        for below in entry.values():
            yield from _paths(below) if isinstance(below, list) else (below,)


def _heading(page: Path) -> str:
    first = page.read_text(encoding="utf-8").partition("\n")[0]
    return first.lstrip("# ").replace("\\", "").replace("`", "")


def build(out: Path) -> subprocess.CompletedProcess[str]:
    """Build the site in a directory, in the place of an earlier one; gives what the builder said, and its status.

    Raises:
        SystemExit: the directory holds something else, which is left alone.
    """
    if out.exists() and not (out / "sitemap.xml").exists():
        raise SystemExit(f"{out}: holds something else than a site; name another directory")
    with tempfile.TemporaryDirectory() as place:
        stage(Path(place, "pages"))
        config = yaml.safe_load(CONFIG.read_text(encoding="utf-8"))
        config["nav"] = navigation(config["nav"], Path(place, "pages"))
        Path(place, "mkdocs.yml").write_text(yaml.safe_dump(config, sort_keys=False), encoding="utf-8")
        command = [sys.executable, "-m", "zensical", "build", "--strict", "--config-file", "mkdocs.yml"]
        said = subprocess.run(command, cwd=place, capture_output=True, text=True, check=False)  # noqa: S603 - our own words
        if said.returncode == 0:
            shutil.rmtree(out, ignore_errors=True)
            shutil.copytree(Path(place, "site"), out)
    return said


def main() -> int:
    """Build, and pass on what the builder said."""
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build" / "site"
    said = build(out)
    sys.stdout.write(said.stdout + said.stderr)
    sys.stdout.write(f"{out}/index.html\n{SEARCH.format(out)}" if said.returncode == 0 else "nothing was written\n")
    return said.returncode


if __name__ == "__main__":
    sys.exit(main())
