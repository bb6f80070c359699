"""Finding occupations by everyday titles: abbreviations, plurals, order of words, slips of the pen."""

import pytest

from scorer.catalogue import TitleIndex
from scorer.catalogue.search import words

TITLES = [
    ("15-1", "Lighthouse Programmers"),
    ("15-1", "Machine Learning Engineer"),
    ("15-1", "ML Scientist"),
    ("15-2", "Machine Learning Engineer"),
    ("15-2", "Machine Learning Engineers, Senior"),
    ("51-1", "Bell Founders"),
    ("11-1", "HR Manager"),
    ("11-1", "---"),
]


@pytest.fixture(scope="module")
def index():
    return TitleIndex(TITLES)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("ML engineer", "15-2"),
        ("machine-learning ENGINEERS", "15-2"),
        ("Engineer, Machine Learning", "15-2"),
        ("human resources mgr", "11-1"),
        ("bel founder", "51-1"),
        ("programmer lighthouse", "15-1"),
    ],
)
def test_a_title_is_found_however_it_is_written(index, text, code):
    """Written out or shortened, in one order or another, with a letter missing."""
    assert index.search(text)[0].occupation_code == code


def test_an_occupation_stands_once_with_its_best_title(index):
    """Equally good ones are told apart by how many of their titles are close."""
    first, second = index.search("ML engineer")
    assert (first.occupation_code, first.title, first.likeness) == ("15-2", "Machine Learning Engineer", 100.0)
    assert (second.occupation_code, second.likeness) == ("15-1", 100.0)
    assert first.n_close > second.n_close
    assert len(index.search("ML engineer", limit=1)) == 1


@pytest.mark.parametrize("text", ["", "   ", "---", "zzzz qqqq", "\x1b[31m"])
def test_what_is_like_nothing_finds_nothing(index, text):
    """No title is better than a wrong one."""
    assert index.search(text) == []


def test_words_are_compared_in_one_form():
    """Case, plural and abbreviation are undone; a short word and a double s keep theirs."""
    assert words("Sr. ML Engineers") == "senior machine learning engineer"
    assert words("Bus Boss") == "bus boss"
