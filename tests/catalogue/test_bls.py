"""Tables of the Bureau of Labor Statistics: known by their columns, marks kept as marks, other tables refused."""

import gzip
import sqlite3
import zipfile
from collections import Counter

import pytest
from openpyxl import Workbook
from shared_data import SHARED, needs_shared

from scorer.catalogue import REFUSED, read_labour
from scorer.domain.labour import LabourKind
from scorer.errors import CatalogueError

OFFICIAL = """AREA,I_GROUP,OCC_CODE,OCC_TITLE,TOT_EMP,A_MEDIAN
99,cross-industry,27-9001,Lantern Painters,"1,200","51,000"
99,cross-industry,27-9002,Bell Tuners,*,#
99,cross-industry,27-9002,Bell Tuners,7,8
99,cross-industry,27-9,Broken,7,8
"""
PROJECTIONS = [
    ["Table 1.2 Occupational projections"],
    [
        "2024 National Employment Matrix title",
        "2024 National Employment Matrix code",
        "Employment, 2024",
        "Employment, 2034",
        "Employment change, percent, 2024\u201334",
    ],
    ["Lantern painters", "27-9001", 10.5, 12, 14.3],
    ["Bell tuners", "27-9002", 3, 3, "—"],
    ["Footnotes:", None, None, None, None],
]
WAGES, GROWTH, LINKS = LabourKind.WAGES, LabourKind.PROJECTIONS, LabourKind.CROSSWALK


@pytest.fixture
def write(tmp_path):
    """Writes a text file of this name."""

    def writing(name, text):
        (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path / name

    return writing


@pytest.fixture
def workbook(tmp_path):
    book = Workbook()
    book.active.title = "Index"
    sheet = book.create_sheet("Table 1.2")
    for row in PROJECTIONS:
        sheet.append(row)
    book.save(tmp_path / "occupation.xlsx")
    return tmp_path / "occupation.xlsx"


def test_marks_stay_marks(write):
    """Numbers lose their commas; `*` and `#` are kept beside a missing number; the first row of a code counts."""
    (table,) = read_labour(write("national_M2025_dl.csv", OFFICIAL))
    assert (table.kind, table.period) == (WAGES, "2025")
    painters, tuners = table.rows
    assert (painters.employment, painters.median_wage_usd, painters.median_wage_mark) == (1200, 51000.0, None)
    assert (tuners.employment, tuners.employment_mark) == (None, "*")
    assert (tuners.median_wage_usd, tuners.median_wage_mark) == (None, "#")


def test_a_broken_row_is_refused_by_itself(write):
    """A code that is none is refused with its line; the other rows stay."""
    (table,) = read_labour(write("national_M2025_dl.csv", OFFICIAL))
    assert len(table.rows) == 2
    assert [note.partition(": soc_code")[0] for note in table.notes] == [f"{REFUSED}national_M2025_dl.csv line 5"]


def test_the_year_is_told_or_asked_for(write):
    """A name without a year is no guess: the message says which option tells it."""
    path = write("wages.csv", OFFICIAL)
    with pytest.raises(CatalogueError, match="--year 2025"):
        read_labour(path)
    assert read_labour(path, "2024")[0].period == "2024"


def test_wages_of_an_area_are_refused(write):
    """A table of states has other medians than the country."""
    with pytest.raises(CatalogueError, match="AREA has 06; give the national"):
        read_labour(write("state_M2025_dl.csv", OFFICIAL.replace("99,cross", "06,cross")))


def test_projections_of_a_workbook(workbook):
    """The sheet is found by its columns, the period in its headings; a dash is a mark and footnotes are no rows."""
    (table,) = read_labour(workbook)
    assert (table.kind, table.period, table.notes) == (GROWTH, "2024-34", ())
    assert [(row.growth_pct, row.growth_mark) for row in table.rows] == [(14.3, None), (None, "—")]


@pytest.mark.usefixtures("workbook")
def test_a_zip_and_a_directory_are_read(write, tmp_path):
    """BLS publishes zips; a directory gives all tables in it and passes over what is something else."""
    write("notes.csv", "a,b\n1,2\n")
    write("crosswalk.csv", "onet_soc_code,nem_code\n27-9001.00,27-9001\n27-9001.01,27-9001\n")
    with zipfile.ZipFile(tmp_path / "oesm25nat.zip", "w") as archive:
        archive.writestr("oesm25nat/national_M2025_dl.csv", OFFICIAL)
    assert {(t.kind, t.period) for t in read_labour(tmp_path)} == {
        (WAGES, "2025"),
        (GROWTH, "2024-34"),
        (LINKS, "2019"),
    }


def test_the_offline_database(tmp_path):
    """National cells of the compressed database are the wages; those of areas are not."""
    with sqlite3.connect(tmp_path / "a.sqlite") as con:
        con.executescript(
            "CREATE TABLE cell (key TEXT, v01 TEXT, v13 TEXT); CREATE TABLE meta (name TEXT, value TEXT);"
            "CREATE TABLE occupation (occupation_code TEXT, occupation_name TEXT);"
            "INSERT INTO meta VALUES ('data_year', '2025');"
            "INSERT INTO occupation VALUES ('279001', 'Lantern Painters');"
            "INSERT INTO cell VALUES ('OEUN0000000000000279001', '1200', '-'), ('OEUM0010180000000279001', '7', '8');"
        )
    con.close()
    (tmp_path / "oews-2025.sqlite.gz").write_bytes(gzip.compress((tmp_path / "a.sqlite").read_bytes()))
    (table,) = read_labour(tmp_path / "oews-2025.sqlite.gz")
    assert [(r.soc_code, r.employment, r.median_wage_mark) for r in table.rows] == [("27-9001", 1200, "-")]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.xlsx", b"no workbook"),
        ("x.zip", b"PK\x03\x04broken"),
        ("x.csv", b"a,b\n1,2\n"),
        ("x.gz", b"\x1f\x8bno"),
    ],
)
def test_what_is_no_table_is_said_in_one_line(tmp_path, name, content):
    """Damage and other tables are an error that names the file."""
    (tmp_path / name).write_bytes(content)
    with pytest.raises(CatalogueError, match=rf"{name}: ") as caught:
        read_labour(tmp_path / name)
    assert "\n" not in str(caught.value)


@needs_shared
@pytest.mark.shared
def test_the_tables_of_2025():
    """1,394 codes of the official national table with 7 wages that are not published; 1,113 projections; 997 links."""
    tables = {table.kind: table for table in read_labour(SHARED / "data" / "bls")}
    assert {kind: len(table.rows) for kind, table in tables.items()} == {WAGES: 1394, GROWTH: 1113, LINKS: 997}
    assert not any(table.notes for table in tables.values())
    assert Counter(row.median_wage_mark for row in tables[WAGES].rows) == {None: 1387, "*": 7}
    whole = next(row for row in tables[GROWTH].rows if row.nem_code == "00-0000")
    assert (whole.employment_base, whole.growth_pct) == (169956.1, 3.1)
