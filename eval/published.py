"""The public labels of Eloundou et al. (2023), as their repository `openai/GPTs-are-GPTs` prints them.

`human_exposure_agg` is what people said and becomes labels. `gpt4_exposure` and `gpt4_exposure_alt_rubric` are what a
model said: answers to be rated against the labels, never labels. Refuses rows off the rubric's scale, one by one.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

from eval.labels import LabelReading, RefusedRow
from scorer.domain.base import sha256_text
from scorer.domain.catalogue import normal_task_id
from scorer.domain.evaluation import Label, LabellerKind
from scorer.domain.rubric import Rubric
from scorer.errors import LabelError

LABEL_SET = "gpts-are-gpts"
HUMAN = "human_exposure_agg"
GPT4_COLUMNS = ("gpt4_exposure", "gpt4_exposure_alt_rubric")
NEEDED = ("Task ID", "Task", HUMAN, *GPT4_COLUMNS)


def read_gpts_are_gpts(path: Path, rubric: Rubric) -> LabelReading:
    """The human labels of `full_labelset.tsv`: labeller `human`, with the hash of the text that was labelled.

    Args:
        path: the file.
        rubric: the version of `exposure` that the labels are taken to be about.

    Raises:
        LabelError: the file cannot be read or is another one.
    """
    labels: list[Label] = []
    refused: list[RefusedRow] = []
    for line, row in _rows(path):
        if row[HUMAN] not in rubric.values:
            refused.append(
                RefusedRow(line, f"`{row[HUMAN]}` is not on the scale of {rubric.id}: {', '.join(rubric.values)}")
            )
            continue
        labels.append(
            Label(
                label_set=LABEL_SET,
                task_id=normal_task_id(row["Task ID"]),
                rubric=rubric.id,
                labeller="human",
                labeller_kind=LabellerKind.PERSON,
                category=row[HUMAN],
                score=rubric.number(row[HUMAN]),
                statement_sha256=sha256_text(row["Task"]),
            )
        )
    return LabelReading(tuple(labels), tuple(refused))


def read_gpt4_answers(path: Path, column: str) -> list[tuple[str, str]]:
    """What GPT-4 answered in the same file, as (task_id, category): ratings to import, not labels.

    Args:
        path: `full_labelset.tsv`.
        column: one of `GPT4_COLUMNS`.

    Raises:
        LabelError: the file cannot be read or is another one, or has no such column.
    """
    if column not in GPT4_COLUMNS:
        raise LabelError(f"no column of GPT-4 answers is called `{column}`; there are {', '.join(GPT4_COLUMNS)}")
    return [(normal_task_id(row["Task ID"]), row[column]) for _, row in _rows(path)]


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file, delimiter="\t")
            missing = [name for name in NEEDED if name not in (reader.fieldnames or ())]
            if missing:
                raise LabelError(
                    f"{path} line 1: no column {', '.join(f'`{name}`' for name in missing)}; is it full_labelset.tsv?"
                )
            for row in reader:
                yield reader.line_num, {name: row[name] or "" for name in NEEDED}
    except OSError as error:
        raise LabelError(f"{path}: cannot be opened ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise LabelError(f"{path}: is not UTF-8 text (byte {error.start})") from error
