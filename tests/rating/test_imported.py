"""Ratings made elsewhere enter row by row."""

import pytest

from scorer.domain.rating import Status
from scorer.errors import CatalogueError
from scorer.rating.imported import Columns, Refused, read_ratings
from scorer.rubrics import load_rubric

STATEMENTS = {"11": "a", "12": "b", "13": "c"}


@pytest.fixture
def coverage():
    return load_rubric("coverage@1")


def write(path, text):
    path.write_text(text, encoding="utf-8")
    return path


def test_good_rows_are_kept_and_each_bad_row_is_named(tmp_path, coverage):
    """Unknown tasks, off-scale answers, empty answers and repeats are refused with line and reason; the rest stays."""
    path = write(
        tmp_path / "made.csv",
        "task_id,category,rationale\n11,50,half of it\n99,50,\n12,60,\n12,,\n13,100.0,all\n11,75,again\n",
    )
    imported = read_ratings(path, "other", coverage, STATEMENTS)
    assert [(one.task_id, one.category, one.score, one.rationale) for one in imported.ratings] == [
        ("11", "50", 50.0, "half of it"),
        ("13", "100", 100.0, "all"),
    ]
    assert imported.refused == [
        Refused(3, "task 99 is not in the release"),
        Refused(4, "category `60` is not one of 0, 25, 50, 75, 100"),
        Refused(5, "neither a category nor a score"),
        Refused(7, "task 11 stands in an earlier row"),
    ]


def test_an_empty_answer_never_becomes_a_number(tmp_path, coverage):
    """Absence is refused: it is neither 0 nor 50."""
    path = write(tmp_path / "made.csv", "task_id,score\n11,\n")
    assert read_ratings(path, "other", coverage, STATEMENTS).ratings == []


def test_a_score_between_categories_keeps_its_number_and_has_no_category(tmp_path, coverage):
    """A score of 60 is 60, not the nearest category; 50 is also the category 50; 101 is off the scale."""
    path = write(tmp_path / "made.csv", "task_id,score\n11,60\n12,50\n13,101\n")
    imported = read_ratings(path, "other", coverage, STATEMENTS)
    assert [(one.category, one.score) for one in imported.ratings] == [(None, 60.0), ("50", 50.0)]
    assert imported.refused == [Refused(4, "score 101 is outside 0 to 100")]


def test_cannot_judge_is_an_answer_without_a_score(tmp_path, coverage):
    """A rater may decline: the row is kept with that status and no number."""
    path = write(tmp_path / "made.csv", "task_id,category\n11,cannot_judge\n")
    (rating,) = read_ratings(path, "other", coverage, STATEMENTS).ratings
    assert (rating.status, rating.category, rating.score) == (Status.CANNOT_JUDGE, None, None)


def test_columns_may_have_other_names_and_ids_may_be_floats(tmp_path, coverage):
    """A TSV with `Task ID` 11.0 and a column of its own name is read as it is."""
    path = write(tmp_path / "made.tsv", "Task ID\tmodel_x\n11.0\t25\n")
    imported = read_ratings(path, "x", coverage, STATEMENTS, Columns(task_id="Task ID", category="model_x"))
    assert [(one.task_id, one.category) for one in imported.ratings] == [("11", "25")]


def test_a_missing_column_is_named_before_any_row_is_read(tmp_path, coverage):
    """The message says which column is missing, what was found, and how to name another."""
    path = write(tmp_path / "made.csv", "id,category\n11,50\n")
    with pytest.raises(CatalogueError, match=r"no column `task_id`; found id, category; name the column with --task"):
        read_ratings(path, "other", coverage, STATEMENTS)


def test_the_same_file_gives_the_same_rating_ids(tmp_path, coverage):
    """Importing twice stores once, since a Rating's id follows from the file and the answer."""
    path = write(tmp_path / "made.csv", "task_id,category\n11,50\n")
    first, second = (read_ratings(path, "other", coverage, STATEMENTS).ratings[0] for _ in range(2))
    assert first.rating_id == second.rating_id
