"""Every form and every age of a release gives the same content; what breaks off gives none."""

import zipfile

import pytest
from onet_copies import write_excel, write_sql, write_text

from scorer.catalogue import REFUSED, read_crosswalk, read_facts, read_release
from scorer.catalogue.layout import layouts, sql_name
from scorer.domain.occupation_facts import FactKind
from scorer.errors import CatalogueError

CODE = "O*NET-SOC Code"
LAMP, BELL = "15-9001.00", "51-9001.00"
SHARES = ["10", "0", "20", "30", "40", "0", "0"]
RATING = [CODE, "Task ID", "Scale ID", "Category", "Data Value", "Recommend Suppress", "Date"]
SKILL = [CODE, "Element ID", "Element Name", "Scale ID", "Data Value", "Recommend Suppress"]

CORE = {
    "Occupation Data": [
        [CODE, "Title", "Description"],
        [LAMP, "Lighthouse Programmers", "Write the keeper's programs."],
        [BELL, "Bell Founders", "n/a"],
    ],
    "Task Statements": [
        [CODE, "Task ID", "Task", "Task Type", "Date"],
        [LAMP, "101", 'Answer ships that ask "who\'s there"; (log it, too).', "Core", "08/2025"],
        [BELL, "102", "Pour bronze; INSERT INTO a mould.", "n/a", "08/2025"],
    ],
    "Task Ratings": [
        RATING,
        *([LAMP, "101", "FT", str(k), share, "N", "08/2025"] for k, share in enumerate(SHARES, 1)),
        [LAMP, "101", "IM", "n/a", "4.25", "Y", "08/2025"],
        [LAMP, "101", "RT", "n/a", "81.5", "n/a", "08/2025"],
    ],
    "Job Zones": [[CODE, "Job Zone", "Date"], [LAMP, "4", "08/2025"], [BELL, "2", "08/2025"]],
    "Job Zone Reference": [["Job Zone", "Name"], *([str(zone), f"Zone {zone}"] for zone in range(1, 6))],
    "Related Occupations": [
        [CODE, "Related O*NET-SOC Code", "Relatedness Tier", "Index"],
        [LAMP, BELL, "Primary-Short", "1"],
    ],
}
UNTIL_30_2 = {
    **CORE,
    "Skills": [
        SKILL,
        [LAMP, "2.A.1.a", "Listening for bells", "IM", "4.12", "N"],
        [LAMP, "2.A.1.a", "Listening for bells", "LV", "0", "Y"],
        [LAMP, "2.B.1.a", "Steering", "IM", "1", "N"],
    ],
    "Technology Skills": [
        [CODE, "Example", "Commodity Code", "Commodity Title", "Hot Technology", "In Demand"],
        [LAMP, "Lamp++", "43230001", "Lamp software", "Y", "N"],
    ],
    "Alternate Titles": [[CODE, "Alternate Title", "Short Title", "Source(s)"], [LAMP, "Keeper's Coder", "n/a", "08"]],
    "Tasks to DWAs": [[CODE, "Task ID", "DWA ID", "Date"], [LAMP, "101", "4.A.1.I01.D01", "08/2025"]],
    "DWA Reference": [["Element ID", "DWA ID", "DWA Title"], ["4.A.1", "4.A.1.I01.D01", "Answer ships."]],
    "Content Model Reference": [
        ["Element ID", "Element Name"],
        ["2.A.1.a", "Listening for bells"],
        ["2.B.1.a", "Steering"],
    ],
    "UNSPSC Reference": [["Commodity Code", "Commodity Title"], ["43230001", "Lamp software"]],
}
FROM_30_3 = {
    **CORE,
    "Job Zones": [[CODE, "Job Zone"], [LAMP, "4"], [BELL, "2"]],
    "Job Zone Reference": [["Job Zone", "Name"], *([str(zone), f"Zone {zone}"] for zone in range(2, 6))],
    "Essential Skills": UNTIL_30_2["Skills"][:3],
    "Transferable Skills": [SKILL, UNTIL_30_2["Skills"][3]],
    "Software Skills": [
        [CODE, "Element ID", "Element Name", "Workplace Example", "Hot Technology", "In Demand"],
        [LAMP, "2.D.4.a", "Lamp software", "Lamp++", "Y", "N"],
    ],
    "Job Titles": [[CODE, "Job Title", "Short Title", "Source(s)"], [LAMP, "Keeper's Coder", "n/a", "08"]],
    "Tasks to DWAs": [[CODE, "Task ID", "DWA Element ID", "Date"], [LAMP, "101", "4.A.1.a.1", "08/2025"]],
    "GWAs to IWAs to DWAs": [
        ["GWA Element ID", "DWA Element ID", "DWA Element Name"],
        ["4.A.1", "4.A.1.a.1", "Answer ships."],
    ],
    "Content Model Reference": [*UNTIL_30_2["Content Model Reference"], ["2.D.4.a", "Lamp software"]],
}
WRITERS = {"text": write_text, "excel": write_excel, "mysql": write_sql}


def facts_of(path, release=None):
    found = read_release(path, release)
    return found, {table.kind: table for table in read_facts(path, found)}


@pytest.fixture(scope="module")
def expected(tmp_path_factory):
    """What the text copy of 30.1 gives."""
    return facts_of(write_text(tmp_path_factory.mktemp("text") / "db_30_1_text", UNTIL_30_2))


def test_the_text_copy_is_read_as_printed(expected):
    """Texts, figures, flags and words come out as they went in; what is missing is None."""
    release, facts = expected
    lamp, bell = release.occupations
    task = release.tasks[0]
    assert (lamp.job_zone, bell.description) == (4, None)
    assert task.statement == 'Answer ships that ask "who\'s there"; (log it, too).'
    assert (task.importance, task.relevance, task.frequency) == (4.25, 81.5, 3.9)
    assert [(one.task_id, one.activity) for one in facts[FactKind.ACTIVITIES].rows] == [("101", "Answer ships.")]
    listening, steering = facts[FactKind.SKILLS].rows
    assert (listening.element, listening.importance, listening.level) == ("Listening for bells", 4.12, 0.0)
    assert (steering.importance, steering.level) == (1.0, None)
    (technology,) = facts[FactKind.TECHNOLOGIES].rows
    assert (technology.category, technology.is_hot, technology.is_in_demand) == ("Lamp software", True, False)
    assert facts[FactKind.TITLES].rows[0].title == "Keeper's Coder"
    assert facts[FactKind.RELATED].rows[0].related_code == BELL


@pytest.mark.parametrize("form", ["text", "excel", "mysql"])
@pytest.mark.parametrize(("release", "tables"), [("30.1", UNTIL_30_2), ("30.3", FROM_30_3), ("31.0", FROM_30_3)])
def test_every_form_and_age_gives_the_same_content(tmp_path, expected, form, release, tables):
    """Blank cells, NULL, `n/a`; renamed files and columns; ids whose words stand elsewhere: the hashes are the same."""
    directory = WRITERS[form](tmp_path / f"db_{release.replace('.', '_')}_{form}", tables)
    found, facts = facts_of(directory)
    assert found.name == release
    assert not [note for note in found.notes if note.startswith(REFUSED)]
    assert found.sha256 == expected[0].sha256
    (activity,) = facts.pop(FactKind.ACTIVITIES).rows  # its id is another one from 30.3 on
    assert (activity.task_id, activity.activity) == ("101", "Answer ships.")
    same = {kind: table.sha256 for kind, table in expected[1].items() if kind is not FactKind.ACTIVITIES}
    assert {kind: table.sha256 for kind, table in facts.items()} == same


@pytest.mark.parametrize("form", ["excel", "mysql"])
def test_a_zip_of_another_form_is_read_like_its_directory(tmp_path, expected, form):
    """Excel and SQL archives are found by their members, wherever these stand."""
    directory = WRITERS[form](tmp_path / "files", UNTIL_30_2)
    archive = tmp_path / f"db_30_1_{form}.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for path in directory.iterdir():
            packed.write(path, f"db_30_1_{form}/{path.name}")
    assert facts_of(archive)[0].sha256 == expected[0].sha256


def test_text_goes_before_excel_and_excel_fills_the_gaps(tmp_path, expected):
    """Where a table is there in two forms one is read; where it is there in one, that one is."""
    directory = write_text(tmp_path / "db_30_1", {k: v for k, v in UNTIL_30_2.items() if k != "Skills"})
    write_excel(tmp_path / "more", {"Skills": UNTIL_30_2["Skills"], "Job Zones": [[CODE, "Job Zone"], [LAMP, "1"]]})
    for path in (tmp_path / "more").iterdir():
        path.rename(directory / path.name)
    found, facts = facts_of(directory)
    assert facts[FactKind.SKILLS].source == "Skills.xlsx"
    assert facts[FactKind.SKILLS].sha256 == expected[1][FactKind.SKILLS].sha256
    assert found.occupations[0].job_zone == 4


def test_four_job_zones_are_those_the_release_lists(tmp_path):
    """From 30.2 on there are levels 2 to 5: another one is refused, and a note says that the levels are others."""
    zones = {"Job Zones": [[CODE, "Job Zone"], [LAMP, "4"], [BELL, "1"]]}
    tables = {**UNTIL_30_2, **zones, "Job Zone Reference": FROM_30_3["Job Zone Reference"]}
    found = read_release(write_text(tmp_path / "db_30_2_text", tables))
    assert [one.job_zone for one in found.occupations] == [4, None]
    assert f"{REFUSED}Job Zones.txt line 3: Job Zone `1` is none of 2 to 5" in found.notes
    assert "job zones have 4 levels in this release, 2, 3, 4, 5, where others have 5" in found.notes


def test_old_releases_keep_their_codes_and_their_files(tmp_path):
    """21.1 has 2010 codes, one file of tools and technology, and a list without tiers: read as printed, with a note."""
    tables = {
        **CORE,
        "Tools and Technology": [
            [CODE, "T2 Type", "T2 Example", "Commodity Code", "Commodity Title"],
            [LAMP, "Tools", "Brass lamp", "1", "Lamps"],
            [LAMP, "Technology", "Lamp++", "2", "Lamp software"],
        ],
        "Career Changers Matrix": [[CODE, "Related O*NET-SOC Code", "Index"], [BELL, LAMP, "1"]],
    }
    del tables["Related Occupations"], tables["Job Zone Reference"]
    found, facts = facts_of(write_text(tmp_path / "db_21_1_text", tables))
    assert (found.taxonomy, found.occupations[0].job_zone) == ("2010", 4)
    (technology,) = facts[FactKind.TECHNOLOGIES].rows
    assert (technology.example, technology.is_hot, technology.is_in_demand) == ("Lamp++", None, None)
    assert facts[FactKind.RELATED].rows[0].tier is None
    assert any("O*NET-SOC 2010 and are kept as printed" in note for note in found.notes)


def test_tables_that_are_not_there_are_not_read(write_release):
    """A release of the four files that are needed has no facts, which is no error."""
    path = write_release()
    assert read_facts(path, read_release(path)) == []


BROKEN = [
    ("Skills", [BELL, "2.A.9", "n/a", "IM", "3", "N"], "no name of `2.A.9`, here or in the reference table"),
    ("Skills", [LAMP, "2.A.1.a", "x", "IM", "3", "N"], "the same rating is there already"),
    ("Skills", [BELL, "2.A.1.a", "x", "IM", "0.5", "N"], "IM 0.5 is not within 1 to 5"),
    ("Skills", [BELL, "2.A.1.a", "x", "LX", "1", "N"], "Scale ID `LX` is none of IM, LV"),
    ("Technology Skills", [LAMP, "x", "1", "y", "maybe", "N"], "flag `maybe` is neither Y nor N"),
    ("Technology Skills", ["99-9999.00", "x", "1", "y", "Y", "N"], "occupation `99-9999.00` is not in the release"),
    ("Alternate Titles", [LAMP, "n/a", "n/a", "08"], "no title"),
    ("Related Occupations", [LAMP, "99-9999.00", "n/a", "2"], "occupation `99-9999.00` is not in the release"),
    ("Related Occupations", [LAMP, BELL, "n/a", "first"], "`first` is not a number"),
    ("Tasks to DWAs", [LAMP, "102", "4.A.1.I01.D01", "08/2025"], f"task `102` of occupation `{LAMP}` is not among"),
    ("Tasks to DWAs", [LAMP, "101", "4.A.9", "08/2025"], "no name of `4.A.9`, here or in the reference table"),
]


@pytest.mark.parametrize(("name", "row", "why"), BROKEN)
def test_a_broken_row_of_a_table_is_refused_alone(tmp_path, expected, name, row, why):
    """It is named with file, line and reason; the other rows are as if it were not there."""
    tables = {**UNTIL_30_2, name: [*UNTIL_30_2[name], row]}
    _, facts = facts_of(write_text(tmp_path / "db_30_1_text", tables))
    notes = [note for table in facts.values() for note in table.notes if note.startswith(REFUSED)]
    (note,) = notes
    assert note.startswith(f"{REFUSED}{name}.txt line {len(tables[name])}: {why}")
    assert {table.sha256 for table in facts.values()} == {table.sha256 for table in expected[1].values()}


@pytest.mark.parametrize("form", ["text", "excel", "mysql"])
@pytest.mark.parametrize("name", ["Task Statements", "Alternate Titles"])
def test_a_file_that_breaks_off_stops_the_import(tmp_path, form, name):
    """What is missing at its end would pass for retired, so nothing of the release is read."""
    directory = WRITERS[form](tmp_path / f"db_30_1_{form}", UNTIL_30_2)
    (path,) = [p for p in directory.iterdir() if sql_name(name) in sql_name(p.stem)]
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(CatalogueError, match=r"(breaks off|no whole Excel workbook).*; get it anew"):
        facts_of(directory)


INSERT = "INSERT INTO task_statements (onetsoc_code, task_id, task, task_type)"


@pytest.mark.parametrize(
    ("script", "why"),
    [
        (f"{INSERT} VALUES ('{LAMP}', 1, now(), 'Core');", "line 1: a value that is no literal"),
        (f"{INSERT} VALUES ('{LAMP}', 1, 'Sweep.', 'Core');\nINSERT INTO t (a) VALUES (1);", "line 2: an INSERT with"),
        (f"{INSERT} VALUES ('{LAMP}', 1, 'it''s open", "breaks off in line 1"),
    ],
)
def test_sql_that_onet_does_not_write_is_refused(tmp_path, script, why):
    """Nothing is executed and nothing guessed: the message names the line."""
    directory = write_sql(tmp_path / "db_30_1_mysql", CORE)
    (directory / "02_task_statements.sql").write_text(script)
    with pytest.raises(CatalogueError, match=why):
        read_release(directory)


def test_half_of_a_split_table_is_an_error(tmp_path):
    """Essential Skills without Transferable Skills is no set of skills."""
    tables = {name: rows for name, rows in FROM_30_3.items() if name != "Transferable Skills"}
    with pytest.raises(CatalogueError, match=r"`Transferable Skills` is not there beside `Essential Skills\.txt`"):
        facts_of(write_text(tmp_path / "db_30_3_text", tables))


def test_a_workbook_that_claims_to_be_huge_is_not_opened(tmp_path, monkeypatch):
    """The sizes of its parts are checked before any is inflated."""
    directory = write_excel(tmp_path / "db_30_1_excel", CORE)
    monkeypatch.setattr("scorer.catalogue.formats.MAX_BYTES", 8_000)
    with pytest.raises(CatalogueError, match="no O\\*NET file is that large"):
        read_release(directory)


def test_every_name_of_the_layouts_is_one_that_sql_copies_have():
    """Printed names and SQL names follow from each other, as in the data dictionaries of O*NET."""
    assert sql_name("O*NET-SOC Code") == "onetsoc_code"
    assert sql_name("Related O*NET-SOC Code") == "related_onetsoc_code"
    newest, _ = layouts("skills", "30.3")
    assert newest.files == ("Essential Skills", "Transferable Skills")
    assert [layout.files for layout in layouts("skills", "30.2")] == [("Skills",)]
    (related, _) = layouts("related", "30.1")
    assert related.column_names(in_sql=True)[2] == "related_index"


def test_a_crosswalk_is_read_pair_by_pair(tmp_path):
    """Quoted titles, several successors, a broken row: the pairs that are whole are kept."""
    path = tmp_path / "2010_to_2019_Crosswalk.csv"
    path.write_text(
        "O*NET-SOC 2010 Code,O*NET-SOC 2010 Title,O*NET-SOC 2019 Code,O*NET-SOC 2019 Title\n"
        '15-9000.00,"Lamps, All",15-9001.00,Lamp A\n15-9000.00,"Lamps, All",15-9002.00,Lamp B\n15-9,Short,x,y\n'
    )
    pairs, notes = read_crosswalk(path)
    assert [pair.code_2019 for pair in pairs] == ["15-9001.00", "15-9002.00"]
    assert len(notes) == 1
    assert notes[0].startswith(f"{REFUSED}2010_to_2019_Crosswalk.csv line 4: code_2010 `15-9`")
