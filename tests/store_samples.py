"""A small invented world for the tests of the store and of releases: two occupations, three tasks, two raters."""

from datetime import UTC, datetime
from pathlib import Path

from scorer.domain.base import sha256_json
from scorer.domain.catalogue import Occupation, OnetRelease, ReleaseKind, Task, TaskKind
from scorer.domain.evaluation import (
    Agreement,
    Decision,
    Disagreement,
    Label,
    LabellerKind,
    OccupationScore,
    TaskConsensus,
    TaskScore,
    Undefined,
    Verdict,
)
from scorer.domain.rating import Cell, Message, Rater, Rating, Status
from scorer.domain.rubric import Category, Level, Rubric
from scorer.store import AggregationRecord, EvaluationRecord, LabelSource, RunFacts, Store

MORNING = datetime(2026, 11, 1, 8, 30, tzinfo=UTC)
FINCH, OWL = "15-0000.01", "51-0000.02"
SENTENCES = {
    "1": "Sort the paper lanterns by colour and hang the red ones above the door of the shop.",
    "2": "Write a short rhyme about each lantern that was sold during the past seven days.",
    "3": "Carry every crate of lanterns up the narrow stairs before the shop opens in the morning.",
}
RATERS = (
    Rater(name="good", provider="openai", model="model-2026-01-01", params={"temperature": 0.0}, answer="token"),
    Rater(name="poor", provider="embedded", model="tiny", answer="token", weights_sha256="ab" * 32),
)


def onet_release(name="30.1", sentences=SENTENCES, kind=ReleaseKind.ONET):
    occupations = (
        Occupation(occupation_code=FINCH, title="Lantern Keepers", description="Keep lanterns.", job_zone=2),
        Occupation(occupation_code=OWL, title="Lantern Carriers"),
    )
    tasks = tuple(
        Task(
            task_id=task_id,
            occupation_code=OWL if task_id == "3" else FINCH,
            statement=statement,
            kind=TaskKind.CORE if task_id == "1" else TaskKind.UNCLASSIFIED,
            importance=4.5 if task_id == "1" else None,
        )
        for task_id, statement in sentences.items()
    )
    return OnetRelease(
        name=name,
        kind=kind,
        source="invented",
        attribution=f"Credit for {name}.",
        sha256=sha256_json([name, *sentences.values()]),
        occupations=occupations,
        tasks=tasks,
        notes=("a note",),
    )


def rubric(wording="How much?"):
    categories = tuple(
        Category(value=v, label=v, anchor=f"about {v} of it", number=float(v)) for v in ("0", "50", "100")
    )
    return Rubric(
        name="coverage",
        version=1,
        title="AI task coverage",
        level=Level.ORDINAL,
        categories=categories,
        cannot_judge=True,
        fields=("rationale",),
        measures={"mean": {c.value: c.number for c in categories}},
        primary="mean",
        share_at=50,
        source="invented",
        system=wording,
        user="{{ task }}",
        answer_json="json",
        answer_token="one word",  # noqa: S106 - no password
        sha256=sha256_json(wording),
    )


def cell(task_id, rater, repeat=0, release=None):
    task = next(t for t in (release or onet_release()).tasks if t.task_id == task_id)
    return Cell(
        task_id=task_id,
        rubric="coverage@1",
        rater=rater.name,
        messages=(Message(role="user", content=f"How much? {task.statement}"),),
        answer_schema=None,
        provider=rater.provider,
        model=rater.weights_sha256 or rater.model,
        params={"max_tokens": 4, **rater.params},
        repeat=repeat,
        statement_sha256=task.statement_sha256,
        rubric_sha256=rubric().sha256,
    )


def rating(asked, category="50", status=Status.RATED, run_id="run-1", created_at=MORNING, **more):
    request = {"model": "model-2026-01-01", "messages": [m.model_dump() for m in asked.messages], **asked.params}
    usable = status is Status.RATED
    return Rating(
        rating_id=sha256_json([asked.cell_hash, run_id]),
        run_id=run_id,
        task_id=asked.task_id,
        rubric=asked.rubric,
        rater=asked.rater,
        variant=asked.variant,
        repeat=asked.repeat,
        cell_hash=asked.cell_hash,
        status=status,
        category=category if usable else None,
        score=float(category) if usable else None,
        rationale=f"It says: {asked.messages[0].content}" if usable else None,
        problem=None if usable else "prose instead of a category",
        blockers={"physical": True} if usable else None,
        statement_sha256=asked.statement_sha256,
        rubric_sha256=asked.rubric_sha256,
        params_sent=asked.params,
        latency_ms=12.5,
        created_at=created_at,
        raw=({"request": request, "response": '{"answer": "50"}'},),
        **more,
    )


def label(task_id, category, labeller="ann", label_set="set-a", **more):
    return Label(
        **{
            "label_set": label_set,
            "task_id": task_id,
            "rubric": "coverage@1",
            "labeller": labeller,
            "labeller_kind": LabellerKind.PERSON,
            "category": category,
            "score": float(category),
            "note": f"I read: {SENTENCES[task_id]}",
            "created_at": MORNING,
            **more,
        }
    )


def ratings(**made):
    """Two raters on three tasks; the poor one fails on the third. made: in which run and when."""
    answers = {("1", "good"): "0", ("2", "good"): "100", ("3", "good"): "50", ("1", "poor"): "100", ("2", "poor"): "0"}
    answered = [
        rating(cell(task_id, rater), answers[task_id, rater.name], **made) for task_id in "12" for rater in RATERS
    ]
    good, poor = RATERS
    return [
        *answered,
        rating(cell("3", good), answers["3", "good"], **made),
        rating(cell("3", poor), status=Status.UNPARSABLE, **made),
    ]


def verdict(rater, decision, **more):
    return Verdict(
        **{
            "rater": rater,
            "rubric": "coverage@1",
            "label_set": "set-a",
            "decision": decision,
            "reasons": () if decision is Decision.PASS else ("bias outside",),
            "policy": "default",
            "policy_hash": "p" * 64,
            **more,
        }
    )


def occupation_score(code, rater, score, status="published", **more):
    return OccupationScore(
        **{
            "occupation_code": code,
            "rubric": "coverage@1",
            "rater": rater,
            "measure": "mean",
            "score": score,
            "share_50": 0.5,
            "n_tasks": 2,
            "completeness": 1.0,
            "weights": "core2",
            "status": status,
            "reasons": () if status == "published" else ("coverage@1: bias outside",),
            **more,
        }
    )


def save_evaluation(store, evaluation_id="e1", decision=Decision.PASS):
    agreements = [
        Agreement(
            rater="good",
            counterpart="set-a/ann",
            rubric="coverage@1",
            stratum="all",
            metric="alpha_ordinal",
            value=0.5,
            ci_low=0.25,
            ci_high=0.75,
            n=3,
        ),
        Agreement(
            rater="poor",
            counterpart="set-a/ann",
            rubric="coverage@1",
            stratum="all",
            metric="kappa",
            value=None,
            n=3,
            reason_undefined=Undefined.NO_VARIATION,
        ),
    ]
    record = EvaluationRecord(
        evaluation_id=evaluation_id, label_sets=("set-a",), policy="default", policy_hash="p" * 64, seed=7
    )
    verdicts = [verdict("good", decision), verdict("poor", Decision.HOLD)]
    store.outcomes.save_evaluation(record, agreements, verdicts)
    return agreements, verdicts


def save_aggregation(store, aggregation_id="a1", score=40.0):
    record = AggregationRecord(
        aggregation_id=aggregation_id, onet_release="30.1", weights="core2", panel=("good", "poor"), seed=7
    )
    parts = {
        "task_scores": [
            TaskScore(
                task_id="1", rubric="coverage@1", rater="good", measure="mean", score=0.0, n=1, sd=None, status="rated"
            ),
            TaskScore(
                task_id="3", rubric="coverage@1", rater="poor", measure="mean", score=None, n=0, status="unparsable"
            ),
        ],
        "consensus": [
            TaskConsensus(
                task_id="1", rubric="coverage@1", score=0.0, spread=None, n_raters=1, rationale=SENTENCES["1"]
            )
        ],
        "occupation_scores": [
            occupation_score(FINCH, "good", score, ci_low=30.0, ci_high=55.0),
            occupation_score(OWL, "good", 50.0),
            occupation_score(FINCH, "poor", 66.0, status="held", ci_low=60.0, ci_high=70.0, rank_low=1, rank_high=2),
        ],
        "disagreements": [Disagreement(task_id="1", rubric="coverage@1", spread=100.0, weight=0.5, priority=0.5)],
    }
    store.outcomes.save_aggregation(record, **parts)
    return record, parts


def filled_store(path: Path, **made) -> Store:
    """A store that was led down the whole road. made: in which run the ratings were made, and when."""
    store = Store(path, wait_s=5)
    with store.held():
        store.catalogue.add(onet_release())
        store.rubrics.add([rubric()])
        store.raters.add(RATERS, {"poor": {"engine": "llama.cpp"}})
        store.runs.start("run-1", RunFacts(scorer_version="0.1.0", plan_hash="h" * 64, plan={"cells": 6}))
        store.ratings.add(ratings(**made))
        store.runs.finish("run-1", "complete", {"rated": 5, "unparsable": 1})
        labels = [label("1", "0"), label("1", "50", "bob"), label("2", "100")]
        store.labels.add("set-a", labels, LabelSource(source="invented", credit="Labels: the lantern society."))
        save_evaluation(store)
        save_aggregation(store)
    return store
