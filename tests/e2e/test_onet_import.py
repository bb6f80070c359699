"""Importing a release through the command: whole or not at all, side by side, and found by everyday titles."""

import pytest
from road import invented_tasks, table, write_onet

CODE, OTHER = "15-9001.00", "13-9001.00"
SKILL = ("O*NET-SOC Code", "Element ID", "Element Name", "Scale ID", "Data Value", "Recommend Suppress")
FILES = {
    "Skills.txt": [
        SKILL,
        (CODE, "2.A.1.a", "Lighting", "IM", "4.5", "N"),
        (CODE, "2.A.1.b", "Hanging", "IM", "2", "N"),
    ],
    "Technology Skills.txt": [
        ("O*NET-SOC Code", "Example", "Commodity Code", "Commodity Title", "Hot Technology", "In Demand"),
        (CODE, "Wick editor", "1", "Lamp software", "N", "Y"),
        (CODE, "\x1b[31mred\x07", "1", "Lamp software", "Y", "N"),
    ],
    "Alternate Titles.txt": [("O*NET-SOC Code", "Alternate Title", "Short Title"), (CODE, "ML Engineer", "n/a")],
    "Related Occupations.txt": [
        ("O*NET-SOC Code", "Related O*NET-SOC Code", "Relatedness Tier", "Index"),
        (CODE, OTHER, "Primary-Short", "1"),
    ],
}


@pytest.fixture
def directory(tmp_path):
    """Release 31.0 with facts about one occupation."""
    path = write_onet(tmp_path / "db_31_0_text", invented_tasks(occupations_per_group=1))
    for name, rows in FILES.items():
        table(path / name, rows)
    return path


def test_an_occupation_is_shown_with_what_onet_says_of_it(command, directory):
    """Skills by importance, technologies in demand first, related occupations, titles; nothing drives the terminal."""
    said = command("onet", "import", directory)
    assert said.status == 0
    assert "with 2 skill ratings, 2 technologies, 1 everyday titles, 1 related occupations" in said.out
    shown = command("onet", "show", CODE).out
    assert shown.index("Lighting") < shown.index("Hanging")
    assert shown.index("Wick editor") < shown.index("red")
    assert "\x1b[31m" not in shown
    assert f"{OTHER}  Invented occupation {OTHER}  Primary-Short" in shown
    (told,) = command("onet", "show", CODE, "--json").json()
    assert [one["element"] for one in told["skills"]] == ["Lighting", "Hanging"]
    assert told["alternate_titles"] == [{"title": "ML Engineer", "short_title": None}]


def test_an_occupation_is_found_by_an_everyday_title(command, directory):
    """By a title of others, by its own, or not at all, which is exit status 1."""
    command("onet", "import", directory)
    (found,) = command("occupations", "search", "machine learning engineers", "--json").json()
    assert (found["code"], found["fits_as"], found["likeness"], found["tasks"]) == (CODE, "ML Engineer", 100.0, 12)
    own = command("occupations", "search", "invented occupation", "--limit", "3", "--json").json()
    assert len(own) == 3
    said = command("occupations", "search", "zzzz")
    assert (said.status, "no title is like this one" in said.err) == (1, True)


@pytest.mark.parametrize("name", ["Skills.txt", "Alternate Titles.txt", "Task Statements.txt", "Job Zones.txt"])
def test_a_file_that_breaks_off_leaves_the_store_as_it_was(command, directory, name):
    """Whichever file it is, nothing of the release is there, and what was there still is."""
    table(directory / "Job Zones.txt", [("O*NET-SOC Code", "Job Zone"), (CODE, "4")])
    path = directory / name
    path.write_bytes(path.read_bytes()[:-3])
    tables = ("catalogue_release", "task", "fact_source", "occupation_skill")
    before = [command.query(f"SELECT count(*) FROM {one}") for one in tables]  # noqa: S608 - our own names
    assert "breaks off" in command.fails("onet", "import", directory)
    assert [command.query(f"SELECT count(*) FROM {one}") for one in tables] == before  # noqa: S608 - our own names


def test_a_release_gets_later_what_its_first_import_did_not_have(command, directory):
    """The missing table is added, the others are left; other content is refused and changes nothing."""
    skills = directory / "Skills.txt"
    kept = skills.read_bytes()
    skills.unlink()
    command("onet", "import", directory)
    skills.write_bytes(kept)
    assert "(was here already)" not in command("onet", "import", directory).out
    assert "(was here already)" in command("onet", "import", directory).out
    skills.write_bytes(kept.replace(b"4.5", b"3.5"))
    assert "has other rows than those imported before" in command.fails("onet", "import", directory)
    (newest, *_) = command("onet", "list", "--json").json()
    assert {one["kind"]: one["row_count"] for one in newest["tables"]} == {
        "occupation_technology": 2,
        "alternate_title": 1,
        "related_occupation": 1,
        "occupation_skill": 2,
    }


def test_the_crosswalk_is_imported_like_a_release(command, tmp_path):
    """A CSV is taken for it; twice the same adds nothing, and another CSV is refused with what it lacks."""
    path = tmp_path / "2010_to_2019_Crosswalk.csv"
    path.write_text(f"O*NET-SOC 2010 Code,O*NET-SOC 2019 Code\n{OTHER},{CODE}\n")
    assert "1 pairs of codes, 1 new here" in command("onet", "import", path).out
    assert "1 pairs of codes, 0 new here" in command("onet", "import", path).out
    path.write_text("a,b\n1,2\n")
    assert "missing column `O*NET-SOC 2010 Code`" in command.fails("onet", "import", path)
