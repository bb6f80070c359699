"""The measurements. Whatever depends on the machine is a ratio of two things measured side by side in one run."""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

import duckdb
from endpoint import HERE, Mock
from mock_server import COMPLETION
from roads import create, rate
from workload import IN_FLIGHT, answer, rubric, tasks_to_rate

from scorer.domain.base import canonical_json
from scorer.domain.rating import AnswerMode, Rating
from scorer.providers.reply import read_reply
from scorer.rating.assemble import rating_of
from scorer.rubrics import read_answer
from scorer.store import Store

LATENCY_MS = 50.0


class Cpu(NamedTuple):
    """Median CPU of one answer in microseconds (all threads), and the median of the rounds' ratios."""

    rating_us: float
    bare_us: float
    ratio: float


def cpu(mock: Mock, directory: Path, cells: int, rounds: int) -> Cpu:
    """A stored, validated Rating against a bare `create`: the same Cells, the same mock, turn by turn."""
    todo = list(tasks_to_rate(cells))
    mock.latency(0)
    create(todo[:IN_FLIGHT], mock.base_url)
    rate(todo[:IN_FLIGHT], mock.base_url, directory / "warm")
    ours: list[float] = []
    bare: list[float] = []
    for number in range(rounds):
        bare.append(_cpu_us(partial(create, todo, mock.base_url), cells))
        ours.append(_cpu_us(partial(rate, todo, mock.base_url, directory / str(number)), cells))
    ratios = [one / other for one, other in zip(ours, bare, strict=True)]
    return Cpu(statistics.median(ours), statistics.median(bare), statistics.median(ratios))


class Speed(NamedTuple):
    """Shares of the ideal: as many in flight as allowed, each `LATENCY_MS`, nothing between."""

    rating: float
    bare: float


def throughput(mock: Mock, directory: Path, cells: int) -> Speed:
    """How close a run, and bare `create`, come to the ideal."""
    todo = list(tasks_to_rate(cells))
    mock.latency(LATENCY_MS)
    ideal_s = cells / IN_FLIGHT * LATENCY_MS / 1000
    bare_s = _wall_s(lambda: _checked(create(todo, mock.base_url), cells))
    rating_s = _wall_s(lambda: _checked(rate(todo, mock.base_url, directory), cells))
    return Speed(ideal_s / rating_s, ideal_s / bare_s)


class Rows(NamedTuple):
    """Rows a second: our batches, and one INSERT a row in a connection that stays open."""

    batched: float
    one_by_one: float


def store_rows(directory: Path, batched: int, one_by_one: int) -> Rows:
    """Whole Ratings, raw bodies included, into a store file."""
    ratings = _ratings(batched)
    store, other = Store(directory / "batched.duckdb"), Store(directory / "one.duckdb")
    store.ratings.add(ratings[:1])
    other.ratings.add(ratings[:1])
    seconds = _wall_s(lambda: _checked(store.ratings.add(ratings[1:]), batched - 1))
    rows = [_row(rating) for rating in ratings[1 : one_by_one + 1]]
    return Rows((batched - 1) / seconds, one_by_one / _insert(other.path, rows))


def peak_memory_mb(mock: Mock, directory: Path, cells: int) -> float:
    """Peak resident memory of a process that plans, rates and stores so many Cells."""
    mock.latency(0)
    directory.mkdir(parents=True)
    command = [sys.executable, str(HERE / "memory.py"), str(cells), mock.base_url, str(directory)]
    said = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(json.loads(said.stdout)["peak_mb"])


def _ratings(n: int) -> list[Rating]:
    asked, body = rubric(), COMPLETION % json.dumps(answer())[1:-1]
    ratings = []
    for cell in tasks_to_rate(n):
        sent = {"model": "mock-1", "messages": [message.model_dump() for message in cell.messages], **cell.params}
        reply = read_reply(body, sent, request_id="req-mock", latency_ms=LATENCY_MS)
        judged = read_answer(asked, reply, AnswerMode.JSON)
        ratings.append(rating_of(cell, "bench", reply, judged, attempts=1, cost_usd=None))
    return ratings


def _row(rating: Rating) -> dict[str, object]:
    row = dict(rating)
    structured = {name: canonical_json(row[name]) for name in ("blockers", "params_sent", "raw")}
    return {**row, **structured, "created_at": rating.created_at.replace(tzinfo=None)}


def _insert(path: Path, rows: list[dict[str, object]]) -> float:
    names = ", ".join(rows[0])
    query = f"INSERT INTO rating ({names}) VALUES ({', '.join('?' * len(rows[0]))})"  # noqa: S608 - our own names
    with duckdb.connect(path) as con:
        return _wall_s(lambda: [con.execute(query, list(row.values())) for row in rows])


def _cpu_us(work: Callable[[], int], cells: int) -> float:
    before = time.process_time()
    _checked(work(), cells)
    return (time.process_time() - before) / cells * 1e6


def _wall_s(work: Callable[[], object]) -> float:
    before = time.perf_counter()
    work()
    return time.perf_counter() - before


def _checked(done: int, expected: int) -> None:
    """A figure about work that was not done would be no figure."""
    if done != expected:
        raise SystemExit(f"{done} of {expected} answers: the measurement is void")
