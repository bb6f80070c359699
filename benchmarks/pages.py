"""What a page costs on a whole release: as many tasks as O*NET 30.1 has, rated by five raters that passed."""

import statistics
import time
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import NamedTuple

from starlette.testclient import TestClient
from workload import RATIONALE, rubric, tasks_to_rate

from scorer.domain.base import sha256_json
from scorer.domain.catalogue import OnetRelease, Task
from scorer.domain.evaluation import Decision, Verdict
from scorer.domain.panel import PANEL
from scorer.domain.rating import Rater, Rating, Status
from scorer.domain.rubric import Rubric
from scorer.publish import publish
from scorer.store import EvaluationRecord
from scorer.web import Uses, make_app
from scorer.workflows.publication.aggregate import aggregate_ratings
from scorer.workflows.publication.serve import weigh
from scorer.workflows.workspace.bench import Bench

RATERS = tuple(Rater(name=f"rater-{number}", provider="openai", model=f"model-{number}") for number in range(5))
MADE_AT = datetime(2026, 11, 1, tzinfo=UTC)
LOOKED_AT = 40
"""Occupations whose pages are asked for, each once: no page comes from the server's memory."""


class Pages(NamedTuple):
    """Median CPU of one answer in milliseconds, all threads."""

    occupation_ms: float
    home_ms: float


def pages(directory: Path, tasks: int) -> Pages:
    """Make a release of so many tasks, and ask for its pages."""
    directory.mkdir(parents=True, exist_ok=True)
    bench = Bench(directory)
    codes = _rated(bench, tasks)
    publish(bench.store, bench.workspace.release_path)
    app = make_app(bench.workspace.release_path, Uses(weigh=weigh))
    with TestClient(app, base_url="http://127.0.0.1") as client:
        client.get("/method")  # the release is opened, the templates are read
        client.get(f"/occupations/{codes.pop()}")
        step = max(1, len(codes) // LOOKED_AT)
        occupations = [_cpu_ms(client, f"/occupations/{code}") for code in codes[::step]]
        homes = [_cpu_ms(client, f"/?zone={zone}&sort={sort}") for zone in ("", "2") for sort in ("score", "title")]
    return Pages(statistics.median(occupations), statistics.median(homes))


def _rated(bench: Bench, n: int) -> list[str]:
    """A store with `n` tasks, all rated by all and passed; the codes of the occupations."""
    asked, question = tasks_to_rate(n), rubric()
    tasks, occupations = tuple(asked.tasks), tuple(asked.occupations.values())
    store = bench.store
    with store.held():
        told = {"source": "invented", "attribution": "Invented.", "sha256": sha256_json([n])}
        store.catalogue.add(OnetRelease(name="30.1", occupations=occupations, tasks=tasks, **told))
        store.rubrics.add([question])
        store.raters.add(RATERS)
        for rater in RATERS:
            store.ratings.add([_rating(question, rater, task, place) for place, task in enumerate(tasks)])
        record = EvaluationRecord(
            evaluation_id="bench", label_sets=("bench",), policy="default", policy_hash="0" * 64, seed=0
        )
        store.outcomes.save_evaluation(
            record, [], [_passed(question, name) for name in (PANEL, *(r.name for r in RATERS))]
        )
        aggregate_ratings(bench)
    return sorted(one.occupation_code for one in occupations)


def _rating(asked: Rubric, rater: Rater, task: Task, place: int) -> Rating:
    """One answer; what it says depends on rater and task, so that there are spreads."""
    category = asked.categories[(place + len(RATERS) * (place % 3) + int(rater.name[-1]) // 2) % len(asked.categories)]
    cell_hash = sha256_json([rater.name, task.task_id])
    return Rating(
        rating_id=cell_hash[::-1],
        run_id="bench",
        task_id=task.task_id,
        rubric=asked.id,
        rater=rater.name,
        cell_hash=cell_hash,
        status=Status.RATED,
        category=category.value,
        score=category.number,
        rationale=f"{RATIONALE} (Task {task.task_id}.)",
        blockers={"physical": place % 4 == 0},
        statement_sha256=task.statement_sha256,
        created_at=MADE_AT,
        raw=({"request": {"task": task.statement}, "response": RATIONALE},),
    )


def _passed(asked: Rubric, rater: str) -> Verdict:
    return Verdict(
        rater=rater,
        rubric=asked.id,
        label_set="bench",
        decision=Decision.PASS,
        reasons=(),
        policy="default",
        policy_hash="0" * 64,
    )


def _cpu_ms(client: TestClient, address: str) -> float:
    before = time.process_time()
    answer = client.get(address)
    took = (time.process_time() - before) * 1000
    if answer.status_code != HTTPStatus.OK:  # a figure about a page that was not shown would be no figure
        raise SystemExit(f"{address}: {answer.status_code}")
    return took
