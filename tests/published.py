"""The public labels as the tests read them: once, through the readers and the evaluation of the product."""

import csv
from functools import cache, partial
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from shared_data import SHARED

from eval import (
    GPT4_COLUMNS,
    LABEL_SET,
    PUBLISHED,
    Evaluation,
    PanelRequest,
    RaterColumn,
    TaskFacts,
    evaluate,
    load_policy,
    read_gpt4_answers,
    read_published,
)
from eval.agreement import pair
from eval.columns import Frame, encode_labels, encode_rater
from scorer.aggregate import Method, occupation_scores, task_scores
from scorer.catalogue import read_label_set_tasks
from scorer.domain.rating import Status
from scorer.domain.rubric import Rubric
from scorer.rubrics import load_rubric

R1, R2 = GPT4_COLUMNS
HUMAN = f"{LABEL_SET}/human"
E2_COUNTS = {"alpha": 0.0, "quarter": 0.25, "beta": 0.5, "three_quarters": 0.75, "zeta": 1.0}


def published_file(name: str):
    """A file of the published repository."""
    return SHARED / "data" / "labels" / "gpts_are_gpts" / name


@cache
def exposure():
    """The shipped rubric; its measures are told two further values of E2."""
    rubric = load_rubric("exposure")
    more = {name: {"E0": 0.0, "E1": 1.0, "E2": number} for name, number in E2_COUNTS.items()}
    return rubric.model_copy(update={"measures": {**more, **rubric.measures}})


@cache
def release():
    """The tasks printed in the label set."""
    return read_label_set_tasks(published_file("full_labelset.tsv"), LABEL_SET)


@cache
def facts():
    """What the evaluation knows of them."""
    return {t.task_id: TaskFacts(t.occupation_code, t.kind, words=len(t.statement.split())) for t in release().tasks}


@cache
def labels():
    """The human labels."""
    reading = read_published(published_file("full_labelset.tsv"), PUBLISHED[LABEL_SET], load_rubric("exposure"))
    assert not reading.refused
    return reading.labels


@cache
def raters():
    """What GPT-4 answered with either rubric."""
    texts = {label.task_id: label.statement_sha256 for label in labels()}
    read = partial(read_gpt4_answers, published_file("full_labelset.tsv"))
    return tuple(RaterColumn(name, dict(read(name)), statement_hashes=texts) for name in GPT4_COLUMNS)


@cache
def evaluation():
    """Everybody beside everybody, as `scorer evaluate` does it."""
    rubric = load_rubric("exposure")
    return evaluate(rubric, raters(), labels(), facts(), load_policy("default"), panel=PanelRequest())


@cache
def columns():
    """The frame, and human, r1 and r2 on it."""
    frame, rubric = Frame(facts(), facts()), load_rubric("exposure")
    answers = [encode_rater(frame, rubric, rater) for rater in raters()]
    return frame, [encode_labels(frame, rubric, HUMAN, labels()), *answers]


class _Rated(NamedTuple):
    """A rating as the aggregation reads it."""

    task_id: str
    rater: str
    category: str
    score: float | None = None
    status: Status = Status.RATED
    variant: str = "base"
    repeat: int = 0
    rationale: str | None = None


@cache
def automation() -> tuple[Rubric, npt.NDArray[np.float64], Evaluation]:
    """The automation rubric, the confusion of people and GPT-4 on it, and the evaluation; a hundred labels."""
    file, rubric = published_file("automation_gpt4_human_labels.tsv"), load_rubric("automation")
    said = read_published(file, PUBLISHED[f"{LABEL_SET}-automation"], rubric).labels
    rater = RaterColumn("gpt4_automation", dict(read_gpt4_answers(file, "gpt4_automation")))
    frame = Frame(facts(), facts())
    beside = pair(encode_labels(frame, rubric, "human", said), encode_rater(frame, rubric, rater))
    return rubric, beside.confusion, evaluate(rubric, [rater], said, facts(), load_policy("default"))


@cache
def scored(weights: str) -> dict[tuple[str, str, str], float]:
    """Occupation scores by rater, measure and occupation."""
    answers = {"human": {label.task_id: label.category for label in labels()}, "r1": raters()[0].answers}
    rows = (_Rated(task, rater, category) for rater, said in answers.items() for task, category in said.items())
    found = occupation_scores(release().tasks, task_scores(rows, exposure()), exposure(), [], Method(weights=weights))
    return {(one.rater, one.measure, one.occupation_code): one.score for one in found if one.score is not None}


def over_occupations(measure: str, rater: str = "r1", weights: str = "core2") -> np.ndarray:
    """Scores of all occupations in the order of their codes."""
    return np.array([score for key, score in sorted(scored(weights).items()) if key[:2] == (rater, measure)])


def differences(weights: str) -> list[float]:
    """Ours minus each cell of the published table."""
    with published_file("occ_level.csv").open(newline="", encoding="utf-8") as file:
        table = list(csv.DictReader(file))
    ours, columns_of = scored(weights), {"human": "human_rating", "r1": "dv_rating"}
    measures = {"alpha": "alpha", "beta": "beta", "zeta": "gamma"}  # the file calls zeta gamma
    return [
        abs(ours[rater, measure, row["O*NET-SOC Code"]] - float(row[f"{column}_{name}"]))
        for row in table
        for rater, column in columns_of.items()
        for measure, name in measures.items()
    ]
