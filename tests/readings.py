"""Scripted readings: what a small model's log-odds look like about invented tasks, without a model."""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime

import numpy as np
from road import CATEGORIES, InventedTask

from scorer.domain.base import sha256_json, sha256_text
from scorer.domain.rating import AnswerMode, Rater, Rating, Status
from scorer.rubrics import load_rubric
from scorer.store import RunFacts
from scorer.workflows.workspace.bench import Bench

RATER = Rater(name="shaky", provider="openai", model="shaky-model", answer=AnswerMode.TOKEN)
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def reading(task: InventedTask, noise: float = 0.8) -> dict[str, float]:
    """Two log-odds, both shifted and scaled: one rises with the right category, the other falls."""
    rng = np.random.default_rng(int(hashlib.sha256(task.task_id.encode()).hexdigest()[:8], 16))
    trait = CATEGORIES.index(task.category)
    up, down = noise * rng.normal(size=2)
    return {"half": 4 + 2 * (trait + up), "physical": -1 - 0.7 * (trait + down)}


def rating(task: InventedTask, rater: str = RATER.name, **fields) -> Rating:
    """A raw rating with readings, whose own category is always the same, as small models' are."""
    cell = sha256_json([task.task_id, rater])
    said = {"status": Status.RATED, "category": "75", "score": 75.0, "readings": reading(task)}
    return Rating(
        **{
            "rating_id": sha256_json([cell, "run"]),
            "run_id": "scripted",
            "task_id": task.task_id,
            "rubric": "coverage@1",
            "rater": rater,
            "cell_hash": cell,
            "statement_sha256": sha256_text(task.statement),
            "rubric_sha256": load_rubric("coverage").sha256,
            "created_at": NOON,
            **said,
            **fields,
        }
    )


def keep(bench: Bench, ratings: Iterable[Rating]) -> None:
    """Store ratings with their rubric, raters and run, as a run would."""
    found = list(ratings)
    bench.store.rubrics.add([load_rubric("coverage")])
    bench.store.raters.add(RATER.model_copy(update={"name": name}) for name in sorted({one.rater for one in found}))
    if not any(run.run_id == "scripted" for run in bench.store.runs.all()):
        bench.store.runs.start("scripted", RunFacts(scorer_version="test", started_at=NOON))
    bench.store.ratings.add(found)
