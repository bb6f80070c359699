"""Official text releases: what is kept, what is refused, and what stops the reading."""

import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorer.catalogue import REFUSED, read_release
from scorer.catalogue.task_ratings import expected_frequency
from scorer.domain.catalogue import ReleaseKind, TaskKind
from scorer.errors import CatalogueError


def by_id(release):
    return {task.task_id: task for task in release.tasks}


def refused(release):
    return [note for note in release.notes if note.startswith(REFUSED)]


def zip_of(directory, target, prefix=""):
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(directory.iterdir()):
            archive.write(path, f"{prefix}{path.name}")
    return target


def test_a_directory_of_official_files_is_read_as_it_stands(write_release):
    """Occupations and tasks come out in file order, named after the directory, with nothing refused."""
    release = read_release(write_release())
    assert (release.name, release.kind) == ("30.1", ReleaseKind.ONET)
    assert [o.occupation_code for o in release.occupations] == ["15-9001.00", "15-9002.00", "51-9001.00", "55-9001.00"]
    assert [t.task_id for t in release.tasks] == ["101", "102", "103", "104"]
    assert refused(release) == []


def test_the_type_is_read_and_na_is_unclassified(write_release):
    """Kinds are those printed, whatever the ratings say; `n/a` is unclassified."""
    tasks = by_id(read_release(write_release()))
    assert [tasks[i].kind for i in ("101", "102", "103")] == [
        TaskKind.CORE,
        TaskKind.SUPPLEMENTAL,
        TaskKind.UNCLASSIFIED,
    ]


def test_a_quote_is_a_character_and_accents_survive(write_release):
    """The files have no quoting, and they are UTF-8."""
    tasks = by_id(read_release(write_release()))
    assert tasks["102"].statement == 'Answer ships that ask "who goes there".'
    assert "Île" in tasks["103"].statement


def test_ratings_stand_on_their_own_scales(write_release):
    """IM is importance, RT relevance, and FT the expected category: (1x10 + 3x20 + 4x30 + 5x40) / 100."""
    task = by_id(read_release(write_release()))["101"]
    assert (task.importance, task.relevance, task.frequency) == (4.25, 81.5, 3.9)


def test_a_rating_that_is_not_printed_is_none(write_release):
    """No rating row, or one of `n/a`, gives None and never a default."""
    tasks = by_id(read_release(write_release()))
    assert (tasks["103"].importance, tasks["103"].relevance, tasks["103"].frequency) == (None, None, None)
    assert (tasks["104"].importance, tasks["104"].relevance) == (3.75, None)


def test_rows_recommended_for_suppression_are_kept_and_counted(write_release):
    """A low-precision flag does not change a value; the notes count it, and `n/a` is no flag."""
    release = read_release(write_release())
    assert by_id(release)["102"].importance == 2.1
    assert "Task Ratings.txt: 1 row(s) that O*NET recommends to suppress are kept" in release.notes


def test_job_zones_and_descriptions_may_be_missing(write_release):
    """An occupation without a zone or with the description `n/a` has None there."""
    zones = {o.occupation_code: (o.job_zone, o.description) for o in read_release(write_release()).occupations}
    assert zones["15-9001.00"][0] == 4
    assert zones["55-9001.00"] == (None, None)


def test_a_release_without_job_zones_says_so(write_release):
    """Job Zones is not needed, but its absence is noted."""
    release = read_release(write_release({"Job Zones.txt": None}))
    assert all(o.job_zone is None for o in release.occupations)
    assert any(note.startswith("Job Zones is not there") for note in release.notes)


def test_a_byte_order_mark_and_plain_line_ends_change_nothing(write_release, tables):
    """A BOM and LF instead of CRLF give the same content."""
    plain = {name: ("\ufeff" + "".join("\t".join(r) + "\n" for r in rows)).encode() for name, rows in tables.items()}
    assert read_release(write_release(plain, "x/db_30_1")).sha256 == read_release(write_release()).sha256


def test_columns_are_found_by_name(write_release, tables):
    """The order of columns, and columns nobody knows, do not matter."""
    turned = {name: [[*reversed(row), "more"] for row in rows] for name, rows in tables.items()}
    assert read_release(write_release(turned, "x/db_30_1")).sha256 == read_release(write_release()).sha256


def test_the_hash_is_of_the_content_not_of_its_order(write_release, tables):
    """Rows in reverse have the same sha256, a changed statement another."""
    turned = {name: [header, *reversed(rows)] for name, (header, *rows) in tables.items()}
    original = read_release(write_release())
    assert read_release(write_release(turned, "x/db_30_1")).sha256 == original.sha256
    tables["Task Statements.txt"][1][2] += " Twice."
    assert read_release(write_release(tables, "y/db_30_1")).sha256 != original.sha256


@pytest.mark.parametrize("prefix", ["", "db_30_1_text/", "a/../../b/db_30_1_text/"])
def test_a_zip_is_read_like_a_directory(write_release, tmp_path, prefix):
    """Files are found by base name, in whatever folder of the archive they stand, and nothing is unpacked."""
    directory = write_release()
    archive = zip_of(directory, tmp_path / "db_30_1_text.zip", prefix)
    before = sorted(tmp_path.rglob("*"))
    assert read_release(archive).sha256 == read_release(directory).sha256
    assert sorted(tmp_path.rglob("*")) == before


def test_an_unpacked_archive_may_have_a_folder_of_its_own(write_release):
    """The directory above `db_30_1_text` is as good as the folder itself."""
    assert read_release(write_release(folder="download/db_30_1_text").parent).name == "30.1"


@pytest.mark.parametrize(
    ("folder", "name"), [("onet_30_1", "30.1"), ("db_29_0_text", "29.0"), ("db_9_3", "9.3"), ("db_30.1", "30.1")]
)
def test_the_release_is_read_from_the_name(write_release, folder, name):
    """The official names of directories tell the release."""
    assert read_release(write_release(folder=folder)).name == name


def test_the_release_can_be_stated_and_must_be_where_the_name_is_silent(write_release):
    """--release wins over any name; without both there is an error that says so."""
    directory = write_release(folder="files")
    assert read_release(directory, "30.2").name == "30.2"
    with pytest.raises(CatalogueError, match=r"--release 30\.1"):
        read_release(directory)
    with pytest.raises(CatalogueError, match=r"`newest` is not a number such as 30\.1"):
        read_release(directory, "newest")


def test_the_credit_line_names_the_release_and_the_source_no_path(write_release, tmp_path):
    """What is published about the source says which release, and not where it lay."""
    release = read_release(write_release())
    assert "O*NET 30.1 Database" in release.attribution
    assert str(tmp_path) not in release.model_dump_json()


BROKEN_ROWS = [
    ("Occupation Data.txt", ["15-9009.00", "Title only"], "2 field(s) where the header has 3"),
    ("Occupation Data.txt", ["15-9009", "Short code", "x"], "occupation_code `15-9009`"),
    ("Occupation Data.txt", ["15-9001.00", "Again", "x"], "`15-9001.00` is there already"),
    ("Occupation Data.txt", ["15-9009.00", "n/a", "x"], "no Title"),
    ("Task Statements.txt", ["15-9001.00", "101", "Again.", "Core", "1", "x", "y"], "`101` is there already"),
    ("Task Statements.txt", ["99-9999.00", "105", "Lost.", "Core", "1", "x", "y"], "occupation `99-9999.00` is not in"),
    ("Task Statements.txt", ["15-9001.00", "ten", "Odd.", "Core", "1", "x", "y"], "Task ID `ten` is not an integer"),
    ("Task Statements.txt", ["15-9001.00", "105", "", "Core", "1", "x", "y"], "no Task"),
    ("Task Statements.txt", ["15-9001.00", "105", "New.", "Kern", "1", "x", "y"], "Task Type `Kern` is none of"),
    ("Task Ratings.txt", ["15-9001.00", "102", "RT", "n/a", "many", *"1234567"], "`many` is not a number"),
    ("Task Ratings.txt", ["15-9001.00", "102", "RT", "n/a", "nan", *"1234567"], "`nan` is not a number"),
    ("Task Ratings.txt", ["15-9001.00", "102", "RT", "n/a", "101", *"1234567"], "RT 101 is not within 0 to 100"),
    ("Task Ratings.txt", ["15-9001.00", "102", "XX", "n/a", "1", *"1234567"], "Scale ID `XX` is none of IM, RT, FT"),
    ("Task Ratings.txt", ["15-9001.00", "102", "FT", "8", "1", *"1234567"], "FT category `8` is none of 1 to 7"),
    ("Task Ratings.txt", ["15-9001.00", "102", "IM", "n/a", "5", *"1234567"], "the same rating is there already"),
    ("Task Ratings.txt", ["15-9001.00", "999", "IM", "n/a", "5", *"1234567"], "task `999` of occupation `15-9001.00`"),
    ("Task Ratings.txt", ["15-9002.00", "101", "IM", "n/a", "5", *"1234567"], "task `101` of occupation `15-9002.00`"),
    ("Job Zones.txt", ["55-9001.00", "6", "x", "y"], "Job Zone `6` is none of 1 to 5"),
    ("Job Zones.txt", ["15-9001.00", "4", "x", "y"], "`15-9001.00` is there already"),
]


@pytest.mark.parametrize(("file", "row", "why"), BROKEN_ROWS)
def test_a_broken_row_is_refused_alone(write_release, tables, file, row, why):
    """It is named with file, line and reason, and everything else is as if it were not there."""
    whole = read_release(write_release())
    tables[file].append(row)
    release = read_release(write_release(tables, "broken/db_30_1"))
    (note,) = refused(release)
    assert note.startswith(f"{REFUSED}{file} line {len(tables[file])}: ")
    assert why in note
    assert release.sha256 == whole.sha256


def test_a_row_that_is_not_utf8_is_refused_alone(write_release, tables):
    """Bytes of another encoding spoil their row, not the file."""
    statements = tables["Task Statements.txt"]
    text = (
        "".join("\t".join(row) + "\r\n" for row in statements).replace("Île", "?le").encode().replace(b"?le", b"\xcele")
    )
    release = read_release(write_release({"Task Statements.txt": text}))
    assert refused(release) == [f"{REFUSED}Task Statements.txt line 4: not UTF-8 text"]
    assert len(release.tasks) == 3


def test_a_frequency_whose_categories_are_not_all_there_is_left_out(write_release, tables):
    """A mean over the categories that happen to be left would be another quantity: None, and a note."""
    del tables["Task Ratings.txt"][5]
    release = read_release(write_release(tables))
    assert by_id(release)["101"].frequency is None
    assert "Task Ratings.txt: no frequency where FT percents do not sum to 100, 1: 101" in release.notes


@pytest.mark.parametrize(
    ("file", "purpose"),
    [
        ("Occupation Data.txt", "occupations"),
        ("Task Statements.txt", "task statements"),
        ("Task Ratings.txt", "weights"),
    ],
)
def test_a_missing_file_is_named_with_what_it_is_for(write_release, file, purpose):
    """The message says what is missing, and what was found."""
    with pytest.raises(CatalogueError, match=f"missing {purpose}: `{file}` is not there; found `") as caught:
        read_release(write_release({file: None}))
    assert "\n" not in str(caught.value)


def test_a_missing_column_is_named_with_what_was_found(write_release, tables):
    """The message names the file, the column, and the header as it is."""
    tables["Task Ratings.txt"][0][4] = "Value"
    with pytest.raises(CatalogueError, match=r"Task Ratings.txt: missing column `Data Value`; found `O\*NET-SOC Code`"):
        read_release(write_release(tables))


@pytest.mark.parametrize("content", [b"", b"O*NET-SOC Code\tTitle\tDescription\r\n", b"\x00\xff" * 50])
def test_a_file_with_nothing_usable_stops_the_reading(write_release, content):
    """Empty, without rows, or not text at all: an error, not an empty release."""
    with pytest.raises(
        CatalogueError, match=r"Occupation Data\.txt.*(missing column|no usable row|breaks off in line 1)"
    ):
        read_release(write_release({"Occupation Data.txt": content}))


def test_a_file_of_refused_rows_says_why_the_first_was_refused(write_release, tables):
    """Where all rows are broken the file is the wrong one, and the first reason tells why."""
    tables["Task Ratings.txt"] = [tables["Task Ratings.txt"][0], ["too", "short"]]
    with pytest.raises(CatalogueError, match=r"no usable row \(1 refused, the first: Task Ratings.txt line 2: 2 field"):
        read_release(write_release(tables))


@pytest.mark.parametrize("kept", [0.0, 0.3, 0.9, 0.999])
def test_a_truncated_zip_is_an_error(write_release, tmp_path, kept):
    """A download that broke off is refused with advice, wherever it broke off."""
    archive = zip_of(write_release(), tmp_path / "db_30_1_text.zip")
    whole = archive.read_bytes()
    archive.write_bytes(whole[: int(len(whole) * kept)])
    with pytest.raises(CatalogueError, match="get it anew"):
        read_release(archive)


def test_a_damaged_member_is_an_error(write_release, tmp_path):
    """A flipped byte inside the archive is caught by its checksum."""
    archive = zip_of(write_release(), tmp_path / "db_30_1_text.zip")
    content = bytearray(archive.read_bytes())
    content[content.index(b"Occupation Data.txt") + 60] ^= 0xFF
    archive.write_bytes(content)
    with pytest.raises(CatalogueError, match=r"`Occupation Data\.txt` cannot be read"):
        read_release(archive)


def test_a_file_that_claims_to_be_huge_is_not_opened(write_release, tmp_path, monkeypatch):
    """The size is checked before anything is inflated."""
    monkeypatch.setattr("scorer.catalogue.formats.MAX_BYTES", 100)
    with pytest.raises(CatalogueError, match=r"no O\*NET file is that large"):
        read_release(zip_of(write_release(), tmp_path / "db_30_1_text.zip"))


def test_two_releases_in_one_place_are_not_mixed(write_release, tmp_path):
    """A directory above two releases is ambiguous, and both are named."""
    write_release(folder="all/db_30_1_text")
    write_release(folder="all/db_30_2_text")
    with pytest.raises(CatalogueError, match="stands in `db_30_1_text` and `db_30_2_text`"):
        read_release(tmp_path / "all")


def test_a_path_that_is_no_release_is_an_error(tmp_path):
    """Nothing there, an empty directory, a file that is no archive: each says what to give."""
    (tmp_path / "db_30_1.txt").write_text("no archive")
    (tmp_path / "db_30_2").mkdir()
    for name, message in (
        ("absent", "not found"),
        ("db_30_1.txt", "whole zip"),
        ("db_30_2", "no file of a release is there"),
    ):
        with pytest.raises(CatalogueError, match=message):
            read_release(tmp_path / name)


@given(st.lists(st.integers(0, 100), min_size=7, max_size=7).filter(any))
def test_expected_frequency_is_a_mean_of_categories(shares):
    """It lies between 1 and 7, does not depend on the order of rows, and is the category itself where all agree."""
    total = sum(shares)
    percents = {category: 100 * share / total for category, share in enumerate(shares, start=1)}
    expected = expected_frequency(percents)
    assert expected is not None
    assert 1 <= expected <= 7
    assert expected == expected_frequency(dict(reversed(percents.items())))
    assert expected_frequency({4: 100.0}) == 4
