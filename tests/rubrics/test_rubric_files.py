"""A rubric file is read, or refused with file, line and advice."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scorer.errors import RubricError
from scorer.rubrics import load_rubric, parse_rubric


def test_a_small_file_becomes_a_rubric(small):
    """Every key of the front matter and every section arrives in the domain object."""
    rubric = parse_rubric(small.encode(), "ease.md")
    assert (rubric.id, rubric.values, rubric.measures) == ("ease@3", ("H1", "H2"), {"mean": {"H1": 1, "H2": 2}})
    assert rubric.user == "{{ occupation }}:\n{{ task }}"
    assert (rubric.primary, rubric.share_at, rubric.prefill) == ("mean", None, "")


def test_line_ends_of_another_system_change_no_word(small):
    """A file with CRLF reads like one with LF; only its hash differs."""
    plain, dos = (parse_rubric(text.encode(), "e.md") for text in (small, small.replace("\n", "\r\n")))
    assert plain.model_dump(exclude={"sha256"}) == dos.model_dump(exclude={"sha256"})
    assert plain.sha256 != dos.sha256


BROKEN = [
    # what is replaced, by what, the line of the error, words of the error
    ("+++\nname", "name", 1, "begins with a line `+++`"),
    ("number = 2\n+++", "number = 2", 1, "never closed"),
    ('title = "Ease"', 'title = "Ease', 4, "not TOML"),
    ('title = "Ease"', 'title = "Ease"\ntitle = "Ease"', 5, "not TOML"),
    ('title = "Ease"', 'titel = "Ease"', 4, "did you mean `title`?"),
    ('title = "Ease"\n', "", 1, "key `title` is missing"),
    ("version = 3", 'version = "3"', 3, "`version`"),
    ("version = 3", "version = 0", 3, "`version`"),
    ('level = "ordinal"', 'level = "ordnal"', 5, "`level`"),
    ("number = 2\n", "", 16, "key `number` is missing"),
    ("number = 2", 'number = "2"', 20, "`number`"),
    ("number = 2", "number = nan", 20, "`number`"),
    ("number = 2", "number = 1", 10, "the same number"),
    ("number = 2", "nunber = 2", 20, "did you mean `number`?"),
    ('value = "H2"', 'value = "H1"', 17, "category `H1` stands twice"),
    ('value = "H2"', 'value = "h1"', 17, "category `h1` stands twice"),
    ('value = "H2"', 'value = "cannot_judge"', 17, "is no category"),
    ('value = "H2"', 'value = "HX"', 17, "says cannot_judge in token mode"),
    ('value = "H2"', 'value = "H 2"', 17, "`value`"),
    ('anchor = "Takes little."', 'anchor = "Takes little."\nexample = "Whistling."', 17, "`example`"),
    ('fields = ["rationale"]', 'fields = ["rational"]', 6, "did you mean `rationale`?"),
    ('fields = ["rationale"]', 'fields = ["rationale", "evidence"]', 6, "in this order"),
    ('fields = ["rationale"]', 'fields = ["rationale", "rationale"]', 6, "once each"),
    ('fields = ["rationale"]', 'fields = ["rationale", "blockers"]', 6, "go together"),
    ("cannot_judge = true", 'cannot_judge = true\nprimary = "mode"', 8, "primary measure `mode`"),
    ("# user", "# usr", 38, "did you mean `user`?"),
    ("# user", "# system", 38, "the first is on line 23"),
    ("# user\n\n{{ occupation }}:\n{{ task }}", "", 39, "section `# user` is missing"),
    ("# system\n", "Hello.\n# system\n", 23, "text before the first section"),
    ("{{ occupation }}:", "{{ occupaton }}:", 40, "did you mean `occupation`?"),
    ("{{ occupation }}:", "{{ occupation }}: {{ description }}", 40, "context"),
    ("{{ occupation }}:", "{{ task }}:", 41, "once, as its end"),
    ("{{ task }}", "{{ task }} Now answer.", 41, "finish it with `{{ task }}`"),
    ("{{ category.anchor }}", "{{ category.anker }}", 25, "anker"),
    ("Rate how easy", "{{ task }} Rate how easy", 25, "unknown placeholder `task`"),
    ("{% endfor %}", "{% endfr %}", 28, "endfr"),
    ("{{ values | join", "{{ values | jion", 32, "jion"),
    ("Keys: rationale,", "Keys:", 32, "the key `rationale`"),
    (", or {{ cannot_judge }}.", ".", 36, "does not offer"),
]


@pytest.mark.parametrize(("old", "new", "line", "words"), BROKEN)
def test_a_broken_file_names_its_line(small, old, new, line, words):
    """The error names the file, the line that is wrong, and what is wrong with it."""
    assert old in small
    with pytest.raises(RubricError) as caught:
        parse_rubric(small.replace(old, new, 1).encode(), "prompts/ease/v3.md")
    message = str(caught.value)
    assert message.startswith(f"prompts/ease/v3.md line {line}: "), message
    assert words in message


def outcome(content):
    """The name of the rubric, or the error's message."""
    try:
        return parse_rubric(content, "ease.md").name
    except RubricError as error:
        return str(error)


MEASURES = [
    ("", "`primary` says which"),
    ('primary = "even"', "is not among"),
    ('primary = "odd"', "must hold each category once; look at H2"),
]


@pytest.mark.parametrize(("primary", "words"), MEASURES)
def test_measures_must_cover_the_scale(small, primary, words):
    """A measure that leaves a category out, or a primary one that is not there, is refused."""
    text = small.replace("cannot_judge = true", f"cannot_judge = true\n{primary}")
    text = text.replace("[[categories]]", "[measures]\nodd = { H1 = 1 }\n\n[[categories]]", 1)
    with pytest.raises(RubricError, match=re.escape(words)):
        parse_rubric(text.encode(), "ease.md")


def test_the_primary_measure_holds_the_numbers_of_the_scale(small):
    """Two sources for one number cannot disagree."""
    text = small.replace("cannot_judge = true", 'cannot_judge = true\nprimary = "odd"')
    text = text.replace("[[categories]]", "[measures]\nodd = { H1 = 1, H2 = 3 }\n\n[[categories]]", 1)
    with pytest.raises(RubricError, match=r"ease.md line 12: .*the numbers of the categories"):
        parse_rubric(text.encode(), "ease.md")


def test_bytes_that_are_no_text_name_their_line():
    """A file in another encoding is refused with the line that shows it."""
    with pytest.raises(RubricError, match=r"ease.md line 2: not UTF-8"):
        parse_rubric(b"+++\ntitle = '\xff'\n+++\n", "ease.md")


def test_a_rubric_of_ones_own_is_loaded_by_path(small, tmp_path):
    """A path to a .md file gives that rubric, locked or not."""
    path = tmp_path / "mine.md"
    path.write_text(small, encoding="utf-8")
    assert load_rubric(str(path)).id == "ease@3"


def test_a_path_that_is_not_there_says_so(tmp_path):
    """A missing file is a RubricError with the path in it."""
    with pytest.raises(RubricError, match=r"gone\.md cannot be read"):
        load_rubric(str(tmp_path / "gone.md"))


@given(
    insert=st.text() | st.sampled_from(["{{", "{% x %}", "[", "# ", "+++\n", "\n\n"]),
    at=st.integers(0, 700),
    cut=st.integers(0, 40),
)
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])  # the fixture is a constant text
def test_damage_anywhere_is_a_rubric_or_a_rubric_error(small, insert, at, cut):
    """No edit of a file, however odd, escapes as anything but a RubricError."""
    text = small[:at] + insert + small[at + cut :]
    said = outcome(text.encode("utf-8", "replace"))
    assert said == "ease" or said.startswith("ease.md line ")
