"""The occupation scores of Eloundou et al. (2023), remade from their task labels."""

import csv

import numpy as np
import pytest
from aggregate_builders import Row, passes, rubric
from shared_data import SHARED, needs_shared

from scorer.aggregate import Method, occupation_scores, task_scores
from scorer.aggregate.multiverse import multiverse
from scorer.domain.catalogue import Task, TaskKind

pytestmark = [needs_shared, pytest.mark.shared]

COLUMNS = {"human": "human_exposure_agg", "r1": "gpt4_exposure"}
PUBLISHED = {"human": "human_rating", "r1": "dv_rating"}
MEASURES = {"alpha": "alpha", "beta": "beta", "zeta": "gamma"}
E2_COUNTS = {"alpha": 0.0, "quarter": 0.25, "beta": 0.5, "three_quarters": 0.75, "zeta": 1.0}
EXPOSURE = rubric(
    "exposure",
    {"E0": 0.0, "E1": 1.0, "E2": 0.5},
    {name: {"E0": 0.0, "E1": 1.0, "E2": number} for name, number in E2_COUNTS.items()},
    "beta",
)
ROUNDING = 1e-9


def read(name, delimiter):
    with (SHARED / "data/labels/gpts_are_gpts" / name).open(newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines, delimiter=delimiter))


@pytest.fixture(scope="module")
def published():
    return {row["O*NET-SOC Code"]: row for row in read("occ_level.csv", ",")}


@pytest.fixture(scope="module")
def labelled():
    return read("full_labelset.tsv", "\t")


def task_scores_of(labelled):
    """The tasks as printed, and the scores of them."""
    tasks = [
        Task(
            task_id=row["Task ID"],
            occupation_code=row["O*NET-SOC Code"],
            statement=row["Task"],
            kind=TaskKind(row["Task Type"].lower() or "unclassified"),
        )
        for row in labelled
    ]
    ratings = (
        Row(task.task_id, rater, row[column])
        for task, row in zip(tasks, labelled, strict=True)
        for rater, column in COLUMNS.items()
    )
    return tasks, task_scores(ratings, EXPOSURE)


@pytest.fixture(scope="module")
def scored(labelled):
    tasks, scores = task_scores_of(labelled)

    def by(weights):
        rows = occupation_scores(tasks, scores, EXPOSURE, [], Method(weights=weights))
        return {(row.rater, row.measure, row.occupation_code): row.score for row in rows if row.score is not None}

    return {weights: by(weights) for weights in ("core2", "equal")}


def differences(scores, published):
    return [
        abs(scores[rater, measure, code] - float(row[f"{PUBLISHED[rater]}_{suffix}"]))
        for rater in COLUMNS
        for measure, suffix in MEASURES.items()
        for code, row in published.items()
    ]


def over_occupations(scores, measure, rater="r1"):
    return np.array([score for key, score in sorted(scores.items()) if key[:2] == (rater, measure)])


def test_core2_gives_the_published_score_of_every_occupation(scored, published):
    """All 923 x 6 cells of occ_level.csv come out with difference 0."""
    missed = differences(scored["core2"], published)
    assert len(missed) == 923 * 6
    assert max(missed) < 1e-9


def test_equal_weights_miss_the_published_scores(scored, published):
    """Weights are a choice that shows: equal ones are off by up to .133."""
    assert round(max(differences(scored["equal"], published)), 3) == 0.133


def test_people_and_model_agree_on_occupations_as_published(scored):
    """Correlation over occupations of human and GPT-4 scores: .4347, .8762, .9133."""
    found = [
        np.corrcoef(*(over_occupations(scored["core2"], measure, rater) for rater in COLUMNS))[0, 1]
        for measure in MEASURES
    ]
    assert [round(float(r), 4) for r in found] == [0.4347, 0.8762, 0.9133]


def test_weights_alone_move_a_headline(scored):
    """Occupations with more than half of their tasks E1 by GPT-4: 35 with equal weights, 41 with core2."""
    above = {w: int((over_occupations(scores, "alpha") > 0.5 + ROUNDING).sum()) for w, scores in scored.items()}
    assert above == {"equal": 35, "core2": 41}


def test_the_multiverse_has_the_same_figures(labelled):
    """Its rows for GPT-4 with core2: means and shares at .5 or more for every count of E2."""
    tasks, scores = task_scores_of(labelled)
    verdicts = passes("r1", of=EXPOSURE)
    rows = [r for r in multiverse(tasks, scores, EXPOSURE, verdicts) if r.threshold == 0.5]
    core2 = {r.second_level: r for r in rows if r.weights == "core2"}
    assert [round(core2[level].mean, 3) for level in (0, 0.25, 0.5, 0.75, 1)] == [0.142, 0.243, 0.345, 0.446, 0.548]
    shares = [round(100 * core2[level].share_high, 1) for level in (0, 0.25, 0.5, 0.75, 1)]
    assert shares == [4.7, 8.0, 27.1, 48.1, 56.4]


def test_what_e2_counts_moves_the_mean_and_the_shares(scored):
    """E2 counted 0, .25, .5, .75, 1: mean over occupations, share at .5 or more, share above .5, as printed."""
    columns = [over_occupations(scored["core2"], measure) for measure in E2_COUNTS]
    assert [round(float(x.mean()), 3) for x in columns] == [0.142, 0.243, 0.345, 0.446, 0.548]
    at_least = [round(100 * float((x >= 0.5 - ROUNDING).mean()), 1) for x in columns]
    assert at_least == [4.7, 8.0, 27.1, 48.1, 56.4]
    above = [round(100 * float((x > 0.5 + ROUNDING).mean()), 1) for x in columns]
    assert above == [4.4, 7.3, 23.1, 47.5, 55.4]
