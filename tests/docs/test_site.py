"""The documentation site: whole, without a dead link, and with nothing fetched from elsewhere."""

import re
from urllib.parse import unquote

import build_site
import pytest
from docs_pages import pages


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The site, built once."""
    out = tmp_path_factory.mktemp("site") / "out"
    said = build_site.build(out)
    assert said.returncode == 0, said.stdout + said.stderr
    return out


def shown_at(site, page):
    """Where a page stands on the site: a README is the index of its directory."""
    return (site / page).with_name("index.html") if page.endswith("README.md") else (site / page).with_suffix(".html")


def test_every_page_is_on_the_site_and_in_its_navigation(site):
    """No page is an orphan: the home page's navigation leads to each."""
    home = (site / "index.html").read_text(encoding="utf-8")
    reached = {(site / unquote(link)).resolve() for link in re.findall(r'href="([^"#:?]+)', home)}
    orphans = [page for page in pages() if shown_at(site, page) not in {*reached, site / "index.html"}]
    assert orphans == []


def test_the_site_fetches_nothing_from_elsewhere(site):
    """Style sheets, scripts, fonts and pictures are files of the site, which works without a network."""
    for page in site.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        loaded = re.findall(r'<(?:script|img|source)\b[^>]*?\bsrc="([^"]+)"', text)
        loaded += re.findall(r'<link\b(?=[^>]*\brel="(?:stylesheet|icon|preconnect)")[^>]*?\bhref="([^"]+)"', text)
        assert loaded
        assert [address for address in loaded if re.match(r"(?:[a-z]+:)?//", address)] == [], page.name


def test_a_page_that_nobody_placed_comes_last(tmp_path):
    """It stands in a section of its own, by its heading; a directory is spelled out, its README first."""
    for name, heading in {
        "a.md": "# A",
        "new.md": "# `New` O\\*NET",
        "adr/README.md": "# All",
        "adr/1.md": "# One",
    }.items():
        page = tmp_path / name
        page.parent.mkdir(exist_ok=True)
        page.write_text(f"{heading}\n")
    assert build_site.navigation([{"A": "a.md"}, {"Why": "adr/*"}], tmp_path) == [
        {"A": "a.md"},
        {"Why": [{"All": "adr/README.md"}, {"One": "adr/1.md"}]},
        {"More": [{"New O*NET": "new.md"}]},
    ]


def test_a_dead_link_ends_the_build(tmp_path, monkeypatch):
    """The build is strict: it says what is not there, writes nothing, and leaves what is no site alone."""
    (tmp_path / "README.md").write_text("# Home\n\nSee [nothing](nothing.md).\n")
    monkeypatch.setattr(build_site, "ROOT", tmp_path)
    monkeypatch.setattr(build_site, "STAGED", ("README.md",))
    config = tmp_path / "site.yml"
    config.write_text("site_name: x\ndocs_dir: pages\nsite_dir: site\nnav:\n  - Home: README.md\n")
    monkeypatch.setattr(build_site, "CONFIG", config)
    said = build_site.build(tmp_path / "out")
    assert said.returncode != 0
    assert "page does not exist" in said.stdout + said.stderr
    assert not (tmp_path / "out").exists()
    with pytest.raises(SystemExit, match="something else than a site"):
        build_site.build(tmp_path)
