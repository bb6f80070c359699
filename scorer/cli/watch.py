"""What a run shows while it goes on: a bar on a terminal, plain lines elsewhere, JSON lines with --json."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from scorer.cli.show import err
from scorer.domain.rating import Status
from scorer.rating import Progress as RunProgress

LINE_EVERY_S = 10.0


@contextmanager
def watching(*, as_json: bool) -> Iterator[Callable[[RunProgress], None]]:
    """A function that is told of each step and shows it as fits the place."""
    if as_json or not err.is_terminal:
        yield _Lines(as_json=as_json)
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(compact=True),
        TextColumn("left{task.fields[facts]}"),
    )
    with Progress(*columns, console=err) as bar:
        yield _Bar(bar)


class _Bar:
    def __init__(self, bar: Progress) -> None:
        self._bar = bar
        self._task = bar.add_task("rating", total=None, rate="", facts="")

    def __call__(self, progress: RunProgress) -> None:
        self._bar.update(
            self._task,
            total=progress.total,
            completed=progress.done,
            description="draining" if progress.stopping else "rating",
            rate=f"{_per_minute(progress):,.0f}/min",
            facts=_facts(progress),
        )


class _Lines:
    """One line every few seconds, and one at the end."""

    def __init__(self, *, as_json: bool) -> None:
        self._as_json, self._last, self._is_draining = as_json, 0.0, False

    def __call__(self, progress: RunProgress) -> None:
        now = monotonic()
        begins_to_drain = progress.stopping and not self._is_draining
        ends = progress.done == progress.total
        if not (begins_to_drain or ends or now - self._last >= LINE_EVERY_S):
            return
        self._last, self._is_draining = now, progress.stopping
        sys.stderr.write((self._json(progress) if self._as_json else self._plain(progress)) + "\n")
        sys.stderr.flush()

    @staticmethod
    def _plain(progress: RunProgress) -> str:
        speed = _per_minute(progress)
        left = f", {(progress.total - progress.done) / speed:.0f} min left" if speed and not progress.stopping else ""
        does = "stopping, rated" if progress.stopping else "rated"
        return f"{does} {progress.done:,} of {progress.total:,}, {speed:,.0f}/min{left}{_facts(progress)}"

    @staticmethod
    def _json(progress: RunProgress) -> str:
        return json.dumps(
            {
                "done": progress.done,
                "total": progress.total,
                "per_minute": round(_per_minute(progress), 1),
                "retried": progress.retried,
                "failed": _failed(progress),
                "spent_usd": round(progress.cost_usd, 6),
                "stopping": progress.stopping,
            }
        )


def _per_minute(progress: RunProgress) -> float:
    return 60 * progress.done / max(monotonic() - progress.started, 1e-9)


def _failed(progress: RunProgress) -> int:
    return sum(count for (_rater, status), count in progress.statuses.items() if status is Status.FAILED)


def _facts(progress: RunProgress) -> str:
    facts = ""
    if progress.cost_usd:
        facts += f", {progress.cost_usd:.4f} USD"
    if progress.retried:
        facts += f", {progress.retried:,} retries"
    if _failed(progress):
        facts += f", {_failed(progress):,} failed"
    return facts
