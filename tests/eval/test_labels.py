"""Label files: good rows are kept, bad rows are named with line and reason, wrong files are refused in one sentence."""

from datetime import UTC, datetime

import pytest

from eval import read_labels
from scorer.domain.evaluation import LabellerKind
from scorer.errors import LabelError

HEADER = "task_id,rubric,labeller,category,note,created_at"


@pytest.fixture
def file(tmp_path):
    def write(*rows, header=HEADER, newline="\n", encoding="utf-8"):
        path = tmp_path / "labels.csv"
        path.write_bytes(newline.join([header, *rows, ""]).encode(encoding))
        return path

    return write


def test_a_row_becomes_a_label(file, exposure):
    """Every field arrives: the id normalised, the score from the rubric, a naive time taken as UTC."""
    path = file('8823.0,exposure@1,ann,E2,"maps, mostly",2026-11-22T09:30:00')
    (label,) = read_labels(path, "gold", [exposure]).labels
    assert (label.task_id, label.category, label.score, label.note) == ("8823", "E2", 0.5, "maps, mostly")
    assert (label.label_set, label.labeller, label.labeller_kind) == ("gold", "ann", LabellerKind.PERSON)
    assert label.created_at == datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


def test_what_spreadsheets_do_to_csv_does_no_harm(file, exposure):
    """A byte-order mark, CRLF, blank lines, padded fields and another order of columns are read as they are meant."""
    path = file(
        " E1 , ann ,exposure@1, 7 ",
        ",,,",
        "",
        "E0,ann,exposure@1,8",
        header="category,labeller,rubric,task_id",
        newline="\r\n",
        encoding="utf-8-sig",
    )
    reading = read_labels(path, "gold", [exposure])
    assert [(label.task_id, label.category) for label in reading.labels] == [("7", "E1"), ("8", "E0")]
    assert not reading.refused


def test_each_bad_row_is_named_and_the_good_ones_are_kept(file, exposure, coverage):
    """Line by line the reason is said, and what stands between the bad rows is not lost."""
    path = file(
        '1,exposure@1,ann,E0,"a note',
        'over two lines",',
        "2,exposure@1,ann,E3,,",
        "1.0,exposure@1,ann,E1,,",
        "3,exposure@2,ann,E1,,",
        "99,exposure@1,ann,E1,,",
        "4,exposure@1,,E1,,",
        "4,exposure@1,ann,E1,,22/11/2026",
        "4,exposure@1,ann,E1,one, two,",
        "4,exposure@1,ann,E1",
        "4,exposure@1,ann,E1,,2026-11-22",
        "1,exposure@1,bob,E0,,",
        "1,coverage@1,ann,25,,",
    )
    reading = read_labels(path, "gold", [exposure, coverage], known_task_ids=["1", "2", "3", "4"])
    assert [(label.task_id, label.labeller) for label in reading.labels] == [
        ("1", "ann"),
        ("4", "ann"),
        ("1", "bob"),
        ("1", "ann"),
    ]
    told = {row.line: row.reason for row in reading.refused}
    assert list(told) == [4, 5, 6, 7, 8, 9, 10, 11]
    for line, part in {
        4: "`E3` is not on the scale of exposure@1: E0, E1, E2",
        5: "labelled task `1` on exposure@1 already, in line 2",
        6: "rubric `exposure@2` is none of coverage@1, exposure@1",
        7: "task `99` is in no catalogue release",
        8: "`labeller` is empty",
        9: "created_at `22/11/2026` is no ISO 8601 date",
        10: "has 7 fields, the header 6",
        11: "has 4 fields",
    }.items():
        assert part in told[line]


def test_a_refused_row_does_not_count_as_a_first_label(file, exposure):
    """A label off the scale, corrected further down, is not a duplicate."""
    reading = read_labels(file("1,exposure@1,ann,E9,,", "1,exposure@1,ann,E1,,"), "gold", [exposure])
    assert [label.category for label in reading.labels] == ["E1"]
    assert [row.line for row in reading.refused] == [2]


def test_a_file_may_say_who_labelled_and_which_text(file, exposure):
    """`labeller_kind` and `statement_sha256` are read where they are, and refused where they are no such thing."""
    header = "task_id,rubric,labeller,category,labeller_kind,statement_sha256"
    rows = (
        f"1,exposure@1,gpt,E0,model,{'a' * 64}",
        "2,exposure@1,ann,E0,,",
        "3,exposure@1,ann,E0,robot,",
        "4,exposure@1,ann,E0,,abc",
    )
    reading = read_labels(file(*rows, header=header), "gold", [exposure])
    assert [(label.labeller_kind, label.statement_sha256) for label in reading.labels] == [
        (LabellerKind.MODEL, "a" * 64),
        (LabellerKind.PERSON, None),
    ]
    assert [row.line for row in reading.refused] == [4, 5]


@pytest.mark.parametrize(
    ("header", "part"),
    [
        ("task_id,rubric,labeller,category,comment", "columns unknown: `comment`"),
        ("task_id,labeller,note", "columns missing: `rubric`, `category`"),
        ("task_id;rubric;labeller;category", "by commas"),
        ("task_id,rubric,labeller,category,note,note", "there twice: `note`"),
    ],
)
def test_wrong_columns_refuse_the_file_and_are_named(file, exposure, header, part):
    """A file with other columns is another file: one sentence says which columns are wrong."""
    with pytest.raises(LabelError, match="line 1") as error:
        read_labels(file("1,2,3,4", header=header), "gold", [exposure])
    assert part in str(error.value)


def test_files_that_are_no_csv_are_refused_in_one_sentence(file, tmp_path, exposure):
    """Missing, empty, Latin-1 and half-quoted files each say what is wrong."""
    empty = tmp_path / "empty.csv"
    empty.write_text("")
    half = tmp_path / "half.csv"
    half.write_text(f'{HEADER}\n1,exposure@1,ann,E0,"open,\n2,exposure@1,ann,E0,,\n')
    for path, part in (
        (tmp_path / "none.csv", "cannot be opened"),
        (empty, "is empty"),
        (file("1,exposure@1,Zoë,E0,,", encoding="latin-1"), "not UTF-8"),
        (half, "line 2: is not CSV"),
    ):
        with pytest.raises(LabelError, match=part):
            read_labels(path, "gold", [exposure])


def test_two_versions_of_a_rubric_are_two_files(file, exposure):
    """The version of the first good row is the file's; rows about another one are refused by name."""
    second = exposure.model_copy(update={"id": "exposure@2", "version": 2})
    path = file("1,exposure@1,ann,E9,,", "1,exposure@2,ann,E1,,", "2,exposure@1,ann,E1,,", "3,exposure@2,ann,E1,,")
    reading = read_labels(path, "gold", [exposure, second])
    assert [label.task_id for label in reading.labels] == ["1", "3"]
    assert "another version than exposure@2 of line 3" in reading.refused[1].reason
