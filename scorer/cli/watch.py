"""What a run shows while it goes on: a panel on a terminal, plain lines elsewhere, JSON lines with --json."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

from rich.console import Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from scorer.cli.show import err
from scorer.domain.text import visible
from scorer.rating import Progress, RaterPace, RunState, state_of

LINE_EVERY_S = 10.0
FRAME_EVERY_S = 0.25
BAR_WIDTH = 24
HOUR, DAY = 60, 60 * 24


@contextmanager
def watching(*, as_json: bool) -> Iterator[Callable[[Progress], None]]:
    """A function that is told of each step and shows it as fits the place."""
    with showing(as_json=as_json) as show:
        yield lambda progress: show(state_of("", progress)) if show.is_due(progress) else None


@contextmanager
def showing(*, as_json: bool) -> Iterator["_Panel | _Lines"]:
    """Shows states of a run as fits the place."""
    if as_json or not err.is_terminal:
        yield _Lines(as_json=as_json)
        return
    with Live(console=err, auto_refresh=False, transient=False) as live:
        yield _Panel(live)


class _Panel:
    """A line for each rater and one for all, of each run."""

    def __init__(self, live: Live) -> None:
        self._live, self._last = live, float("-inf")
        self._states: dict[str, RunState] = {}

    def is_due(self, progress: Progress) -> bool:
        """Some times a second, and at the end."""
        return monotonic() - self._last >= FRAME_EVERY_S or progress.done == progress.total

    def __call__(self, state: RunState) -> None:
        self._last = monotonic()
        self._states[state.run_id] = state
        several = len(self._states) > 1
        self._live.update(Group(*(panel(one, named=several) for one in self._states.values())), refresh=True)


class _Lines:
    """One line every few seconds, when the run begins to stop, and at the end."""

    def __init__(self, *, as_json: bool) -> None:
        self._as_json, self._last, self._is_draining = as_json, 0.0, False

    def is_due(self, progress: Progress) -> bool:
        """Whether there is something to say."""
        begins_to_drain = progress.stopping and not self._is_draining
        return begins_to_drain or progress.done == progress.total or monotonic() - self._last >= LINE_EVERY_S

    def __call__(self, state: RunState) -> None:
        self._last, self._is_draining = monotonic(), state.state == "draining"
        named = f"run {state.run_id}: " if state.run_id else ""
        sys.stderr.write((json_line(state) if self._as_json else f"{named}{plain_line(state)}") + "\n")
        sys.stderr.flush()


def panel(state: RunState, *, named: bool = False) -> Table:
    """The state as a table: done, speed, time left, spent, 429s, failures, and the oldest request under way."""
    table = Table.grid(padding=(0, 2))
    told = f"{state.told} {state.run_id}" if named else state.told
    heads = (told, "", "done", "a minute", "left", "USD", "429s", "failed", "oldest")
    table.add_row(*(Text(head, style="bold") for head in heads))
    for one in state.raters:
        table.add_row(*_cells(one.rater, one))
    if len(state.raters) != 1:
        table.add_row(*_cells("all", state))
    return table


def _cells(name: str, one: RaterPace | RunState) -> list[Text | ProgressBar]:
    oldest = getattr(one, "oldest_s", None)
    figures = (
        f"{one.done:,}/{one.total:,}",
        f"{one.per_minute:,.0f}",
        shown_time(one.minutes_left),
        f"{one.spent_usd:.4f}",
        f"{one.refused:,}",
        f"{one.failed:,}",
        "" if oldest is None else f"{oldest:.1f} s",
    )
    bar = ProgressBar(total=max(one.total, 1), completed=one.done, width=BAR_WIDTH)
    return [Text(visible(name)), bar, *(Text(figure, justify="right") for figure in figures)]


def plain_line(state: RunState) -> str:
    """The state in a line."""
    is_draining = state.state == "draining"
    left = f", {shown_time(state.minutes_left)} left" if state.minutes_left and not is_draining else ""
    does = "stopping, rated" if is_draining else "rated"
    facts = "".join(
        (
            f", {state.spent_usd:.4f} USD" if state.spent_usd else "",
            f", {state.retried:,} retries" if state.retried else "",
            f", {state.refused:,} refused for pace" if state.refused else "",
            f", {state.failed:,} failed" if state.failed else "",
        )
    )
    return f"{does} {state.done:,} of {state.total:,}, {state.per_minute:,.0f}/min{left}{facts}"


def json_line(state: RunState) -> str:
    """The state as one line of JSON."""
    return state.model_dump_json()


def shown_time(minutes: float | None) -> str:
    """`12 s`, `4 min`, `2.5 h`, `1.2 days`; a dash where it is not known."""
    if minutes is None:
        return "-"
    if minutes < 1:
        return f"{60 * minutes:.0f} s"
    if minutes < HOUR:
        return f"{minutes:.0f} min"
    return f"{minutes / HOUR:.1f} h" if minutes < DAY else f"{minutes / DAY:.1f} days"
