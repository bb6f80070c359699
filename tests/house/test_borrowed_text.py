"""O*NET's sentences and the label sets' are read where they lie; none is copied into the project."""

import csv
import re
import subprocess

import pytest
from shared_data import REPOSITORY, SHARED, needs_shared

RUN = 8
WORD = re.compile(r"[a-z0-9]+")
FILES_WITH_STATEMENTS = ("data/onet_30_1/Task Statements.txt", "data/onet_30_1/Emerging Tasks.txt")


def runs(text):
    """Every run of eight words, spelt without case or punctuation."""
    words = WORD.findall(text.lower())
    return {" ".join(words[i : i + RUN]) for i in range(len(words) - RUN + 1)}


def project_texts():
    """The project's own text files, tracked or about to be, as (path, text)."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=REPOSITORY,
        capture_output=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git checkout: nobody says which files are the project's")
    for name in filter(None, listed.stdout.decode().split("\0")):
        path = REPOSITORY / name
        if path.is_file() and b"\0" not in (content := path.read_bytes()):
            yield name, content.decode("utf-8", errors="replace")


def statements():
    for name in FILES_WITH_STATEMENTS:
        with (SHARED / name).open(newline="", encoding="utf-8") as lines:
            yield from (row["Task"] for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    with (SHARED / "data/labels/gpts_are_gpts/full_labelset.tsv").open(newline="", encoding="utf-8") as lines:
        yield from (row["Task"] for row in csv.DictReader(lines, delimiter="\t"))


@needs_shared
@pytest.mark.shared
def test_no_statement_is_copied_into_the_project():
    """No file of the project shares a run of eight words with a task statement of O*NET 30.1 or of the label set."""
    borrowed = set().union(*map(runs, statements()))
    assert len(borrowed) > 100_000
    found = {name: sorted(shared)[:3] for name, text in project_texts() if (shared := runs(text) & borrowed)}
    assert found == {}


def test_a_run_is_found_across_lines_case_and_punctuation():
    """Breaking a sentence over lines or changing its capitals does not hide it."""
    sentence = "Polish the brass lanterns, hang them, and light them."
    text = "# polish THE brass\nlanterns; hang them and (light) them all"
    assert runs(sentence) & runs(text) == {
        "polish the brass lanterns hang them and light",
        "the brass lanterns hang them and light them",
    }
