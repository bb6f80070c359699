"""The public labels of Eloundou et al. (2023), as their repository `openai/GPTs-are-GPTs` prints them.

What people said becomes labels: exposure (every task) and automation (a hundred tasks). What GPT-4 said in the same
files are answers to be rated against the labels, never labels. Refuses rows off the rubric's scale, one by one.
"""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from eval.labels import LabelReading, RefusedRow
from scorer.domain.base import sha256_text
from scorer.domain.catalogue import normal_task_id
from scorer.domain.evaluation import Label, LabellerKind
from scorer.domain.rubric import Rubric
from scorer.errors import LabelError

LABEL_SET = "gpts-are-gpts"
LABELLER = "human"


class PublishedSet(NamedTuple):
    """One published label set.

    Attributes:
        name: of the label set and of its artefact. rubric: the construct that was labelled.
        human: column of what people said. gpt4: columns of what GPT-4 said.
        whole: whether people labelled every task; else an empty cell is no label and no fault.
    """

    name: str
    rubric: str
    human: str
    gpt4: tuple[str, ...]
    whole: bool


EXPOSURE = PublishedSet(
    LABEL_SET, "exposure", "human_exposure_agg", ("gpt4_exposure", "gpt4_exposure_alt_rubric"), whole=True
)
AUTOMATION = PublishedSet(
    f"{LABEL_SET}-automation", "automation", "human_automation", ("gpt4_automation",), whole=False
)
PUBLISHED = {one.name: one for one in (EXPOSURE, AUTOMATION)}
GPT4_COLUMNS = EXPOSURE.gpt4


def read_published(path: Path, published: PublishedSet, rubric: Rubric) -> LabelReading:
    """The human labels of a published file: labeller `human`, with the hash of the text that was labelled.

    Args:
        path: the file.
        published: which set it is.
        rubric: the version of the rubric that the labels are taken to be about.

    Raises:
        LabelError: the file cannot be read or is another one.
    """
    labels: list[Label] = []
    refused: list[RefusedRow] = []
    for line, row in _rows(path, (published.human, *published.gpt4)):
        said = row[published.human]
        if said in rubric.values:
            labels.append(_label(published, rubric, row, said))
        elif said or published.whole:
            scale = ", ".join(rubric.values)
            refused.append(RefusedRow(line, f"`{said}` is not on the scale of {rubric.id}: {scale}"))
    return LabelReading(tuple(labels), tuple(refused))


def _label(published: PublishedSet, rubric: Rubric, row: dict[str, str], said: str) -> Label:
    return Label(
        label_set=published.name,
        task_id=normal_task_id(row["Task ID"]),
        rubric=rubric.id,
        labeller=LABELLER,
        labeller_kind=LabellerKind.PERSON,
        category=said,
        score=rubric.number(said),
        statement_sha256=sha256_text(row["Task"]),
    )


def read_gpt4_answers(path: Path, column: str) -> list[tuple[str, str]]:
    """What GPT-4 answered in the same file, as (task_id, category): ratings to import, not labels.

    Args:
        path: the file.
        column: one that holds answers of GPT-4.

    Raises:
        LabelError: the file cannot be read or is another one, or has no such column.
    """
    known = [name for one in PUBLISHED.values() for name in one.gpt4]
    if column not in known:
        raise LabelError(f"no column of GPT-4 answers is called `{column}`; there are {', '.join(known)}")
    return [(normal_task_id(row["Task ID"]), row[column]) for _, row in _rows(path, (column,))]


def _rows(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    needed = ("Task ID", "Task", *columns)
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file, delimiter="\t")
            if missing := [name for name in needed if name not in (reader.fieldnames or ())]:
                named = ", ".join(f"`{name}`" for name in missing)
                raise LabelError(f"{path} line 1: no column {named}; is it the published file of these labels?")
            for row in reader:
                yield reader.line_num, {name: row[name] or "" for name in needed}
    except OSError as error:
        raise LabelError(f"{path}: cannot be opened ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise LabelError(f"{path}: is not UTF-8 text (byte {error.start})") from error
