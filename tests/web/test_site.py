"""The static site: whole, linked within itself, and never written over what is not ours."""

import re

import pytest
from store_samples import FINCH

from scorer.errors import StoreError
from scorer.web import Uses, write_site


def test_every_link_of_the_site_leads_to_a_file_of_it(release, tmp_path):
    """Pages, style sheet and downloads are found from every page, opened from a folder; nothing needs a server."""
    count = write_site(release, tmp_path / "out", Uses())
    pages = list((tmp_path / "out").rglob("*.html"))
    assert count > len(pages) >= 8
    for page in pages:
        text = page.read_text()
        assert "<form" not in text
        for target in re.findall(r'(?:href|src)="([^"#:]+)(?:#[^"]*)?"', text):
            assert (page.parent / target).is_file(), f"{page.name} -> {target}"


def test_an_earlier_site_is_replaced_and_strangers_stay(release, tmp_path):
    """A second time the site takes the place of the first; a folder with other files is left alone."""
    out = tmp_path / "out"
    write_site(release, out, Uses())
    (out / "occupations" / "old.html").write_text("of an earlier release")
    write_site(release, out, Uses())
    assert not (out / "occupations" / "old.html").exists()
    assert (out / "occupations" / f"{FINCH}.html").is_file()
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    with pytest.raises(StoreError, match="no site of ours"):
        write_site(release, tmp_path / "mine", Uses())
    assert (tmp_path / "mine" / "thesis.txt").read_text() == "years of work"
