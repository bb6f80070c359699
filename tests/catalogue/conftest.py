"""A miniature O*NET release with invented sentences, in the layout of the official text files."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

Table = list[list[str]]

OCCUPATIONS: Table = [
    ["O*NET-SOC Code", "Title", "Description"],
    ["15-9001.00", "Lighthouse Programmers", "Write programs for lighthouses."],
    ["15-9002.00", "Tide Analysts", "Study the tides."],
    ["51-9001.00", "Bell Founders", "Cast bells."],
    ["55-9001.00", "Harbour Guards", "n/a"],
]
STATEMENTS: Table = [
    ["O*NET-SOC Code", "Task ID", "Task", "Task Type", "Incumbents Responding", "Date", "Domain Source"],
    ["15-9001.00", "101", "Write a program that turns the lamp.", "Core", "40", "08/2025", "Incumbent"],
    ["15-9001.00", "102", 'Answer ships that ask "who goes there".', "Supplemental", "40", "08/2025", "Incumbent"],
    ["15-9002.00", "103", "Draw a chart of the tide at Île-aux-Cloches.", "n/a", "n/a", "08/2025", "Analyst"],
    ["51-9001.00", "104", "Pour bronze into a mould.", "Core", "30", "08/2025", "Incumbent"],
]
RATINGS_HEADER = [
    *("O*NET-SOC Code", "Task ID", "Scale ID", "Category", "Data Value", "N", "Standard Error"),
    *("Lower CI Bound", "Upper CI Bound", "Recommend Suppress", "Date", "Domain Source"),
]


def rating(task: tuple[str, str], scale: str, category: str, figure: str, suppress: str = "N") -> list[str]:
    return [*task, scale, category, figure, "40", "0.1", "n/a", "n/a", suppress, "08/2025", "Incumbent"]


RATINGS: Table = [
    RATINGS_HEADER,
    *(
        rating(("15-9001.00", "101"), "FT", str(k), share)
        for k, share in enumerate(("10.00", "0.00", "20.00", "30.00", "40.00", "0.00", "0.00"), start=1)
    ),
    rating(("15-9001.00", "101"), "IM", "n/a", "4.25"),
    rating(("15-9001.00", "101"), "RT", "n/a", "81.50"),
    rating(("15-9001.00", "102"), "IM", "n/a", "2.10", suppress="Y"),
    rating(("51-9001.00", "104"), "IM", "n/a", "3.75", suppress="n/a"),
    rating(("51-9001.00", "104"), "RT", "n/a", "n/a"),
]
JOB_ZONES: Table = [
    ["O*NET-SOC Code", "Job Zone", "Date", "Domain Source"],
    ["15-9001.00", "4", "08/2025", "Analyst"],
    ["51-9001.00", "2", "08/2025", "Analyst"],
]
FILES: Mapping[str, Table] = {
    "Occupation Data.txt": OCCUPATIONS,
    "Task Statements.txt": STATEMENTS,
    "Task Ratings.txt": RATINGS,
    "Job Zones.txt": JOB_ZONES,
}

WriteRelease = Callable[..., Path]


def as_bytes(table: Table) -> bytes:
    return "".join("\t".join(row) + "\r\n" for row in table).encode()


@pytest.fixture
def write_release(tmp_path: Path) -> WriteRelease:
    """Writes the miniature release; tables given by file name replace its own, None leaves a file out."""

    def write(changes: Mapping[str, Table | bytes | None] | None = None, folder: str = "db_30_1_text") -> Path:
        directory = tmp_path / folder
        directory.mkdir(parents=True)
        for name, table in {**FILES, **(changes or {})}.items():
            if table is not None:
                (directory / name).write_bytes(table if isinstance(table, bytes) else as_bytes(table))
        return directory

    return write


@pytest.fixture
def tables() -> Mapping[str, Table]:
    """Copies of the tables, to be broken."""
    return {name: [list(row) for row in table] for name, table in FILES.items()}
