"""The static site: whole, linked within itself, and never written over what is not ours."""

import re

import pytest
from store_samples import FINCH, label, onet_release, rubric

from scorer.errors import StoreError
from scorer.publish import PublishOptions, publish
from scorer.store import LabelSource, Store, open_release
from scorer.web import Uses, write_site


def test_every_link_of_the_site_leads_to_a_place_in_it(release, tmp_path):
    """Pages, style sheet and downloads are found from every page, opened from a folder; nothing needs a server."""
    told = []
    count = write_site(release, tmp_path / "out", Uses(), lambda done, total: told.append((done, total)))
    assert told == [(done, count) for done in range(1, count + 1)]
    pages = list((tmp_path / "out").rglob("*.html"))
    assert count > len(pages) >= 8
    _check_links(pages)


def test_a_task_that_was_labelled_and_never_rated_has_its_page(tmp_path):
    """Whatever is known of a task beside its text can be read on the site, and only such tasks are linked."""
    store = Store(tmp_path / "store.duckdb")
    store.catalogue.add(onet_release())
    store.rubrics.add([rubric()])
    store.labels.add("set-a", [label("2", "100")], LabelSource(source="invented"))
    publish(store, tmp_path / "results.duckdb", PublishOptions())
    write_site(tmp_path / "results.duckdb", tmp_path / "out", Uses())
    _check_links(list((tmp_path / "out").rglob("*.html")))
    assert "by ann" in (tmp_path / "out" / "tasks" / "2.html").read_text()
    occupation = (tmp_path / "out" / "occupations" / f"{FINCH}.html").read_text()
    assert "tasks/2.html" in occupation
    assert "tasks/1.html" not in occupation


def test_a_task_with_many_answers_takes_none_from_those_read_with_it(release, tmp_path, monkeypatch):
    """Each page has its own answers up to the limit, and says where it stops."""
    for room in ("queries.task", "task"):
        monkeypatch.setattr(f"scorer.web.{room}.MOST_ANSWERS", 1)
    write_site(release, tmp_path / "out", Uses())
    pages = [page.read_text() for page in (tmp_path / "out" / "tasks").glob("*.html")]
    rated = [page for page in pages if "Nobody was asked" not in page]
    with open_release(release) as reader:
        ((tasks,),) = [row.values() for row in reader.rows("SELECT count(DISTINCT task_id) AS n FROM rating")]
    assert len(rated) == tasks > 1
    assert all("Not more than 1 answers" in page for page in rated)


def _check_links(pages):
    for page in pages:
        text = page.read_text()
        assert "<form" not in text
        for target, anchor in re.findall(r'(?:href|src)="(?!data:|https?:)([^"#]*)(?:#([^"]*))?"', text):
            file = page.parent / target if target else page
            assert file.is_file(), f"{page.name} -> {target}"
            assert not anchor or f'id="{anchor}"' in file.read_text(), f"{page.name} -> {target}#{anchor}"


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
