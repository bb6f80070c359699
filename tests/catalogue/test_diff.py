"""Comparing releases: identity by task id, crosswalks between editions of the codes, and the words of a change."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorer.catalogue import Change, diff_releases, word_diff
from scorer.domain.catalogue import Occupation, OnetRelease, Task, TaskKind
from scorer.domain.occupation_facts import CodeSuccession

OLD, NEW, OTHER = "15-1132.00", "15-1252.00", "15-1251.00"
CROSSWALK = [CodeSuccession(code_2010=OLD, code_2019=NEW)]


def release(name, code, **task):
    stated = {"task_id": "1", "occupation_code": code, "statement": "Light the lamp.", "kind": TaskKind.CORE, **task}
    one = Occupation(occupation_code=code, title="Keepers")
    return OnetRelease(name=name, source="-", attribution="-", sha256="-", occupations=(one,), tasks=(Task(**stated),))


def test_a_release_does_not_differ_from_itself():
    """Nothing changed, everything is unchanged."""
    diff = diff_releases(release("30.1", NEW), release("30.2", NEW))
    assert (diff.tasks, diff.occupations, diff.recoded, diff.unchanged) == ([], [], 0, 1)


def test_a_task_may_change_in_several_ways_at_once():
    """Other words, other figures and another occupation are three changes of one task."""
    (one,) = diff_releases(release("30.1", NEW), release("30.2", OTHER, statement="Light it.", relevance=30.0)).tasks
    assert one.changes == (Change.REWORDED, Change.RERATED, Change.MOVED)
    assert one.ratings == {"relevance": (None, 30.0)}


@pytest.mark.parametrize(("crosswalk", "moved", "recoded"), [([], 1, 0), (CROSSWALK, 0, 1)])
def test_a_code_that_was_taken_over_is_no_move(crosswalk, moved, recoded):
    """Between 2010 and 2019 codes the crosswalk tells a renamed occupation from a task that went elsewhere."""
    for old, new in (("25.0", "25.1"), ("25.1", "25.0")):
        codes = {"25.0": OLD, "25.1": NEW}
        diff = diff_releases(release(old, codes[old]), release(new, codes[new]), crosswalk)
        assert (diff.count(Change.MOVED), diff.recoded) == (moved, recoded)


def test_the_crosswalk_does_not_excuse_a_move_within_one_edition():
    """Two releases with 2019 codes have no use for it."""
    diff = diff_releases(release("30.1", OLD), release("30.2", NEW), CROSSWALK)
    assert (diff.count(Change.MOVED), diff.recoded) == (1, 0)


@pytest.mark.parametrize(("name", "taxonomy"), [("20.1", "2010"), ("25.0", "2010"), ("25.1", "2019"), ("30.3", "2019")])
def test_the_edition_of_the_codes_follows_from_the_release(name, taxonomy):
    """O*NET-SOC 2019 begins with release 25.1."""
    assert release(name, NEW).taxonomy == taxonomy


def test_a_word_diff_marks_words_and_marks_apart():
    """A comma that was put in does not make its word another one."""
    assert word_diff("Light the old lamp.", "Light, the lamp now.") == "Light{+,+} the[- old-] lamp{+ now+}."


@given(st.text(max_size=60), st.text(max_size=60))
def test_a_word_diff_holds_both_wordings(old, new):
    """Without what came it is the old text, without what went the new one."""
    marks = "[]{}+-"
    old, new = (text.translate({ord(mark): None for mark in marks}) for text in (old, new))
    told = word_diff(old, new)

    def without(opening, closing, keep_opening, keep_closing):
        rest, text = told, ""
        while opening in rest:
            head, _, rest = rest.partition(opening)
            text += head
            rest = rest.partition(closing)[2]
        return (text + rest).replace(keep_opening, "").replace(keep_closing, "")

    assert without("{+", "+}", "[-", "-]") == old
    assert without("[-", "-]", "{+", "+}") == new
