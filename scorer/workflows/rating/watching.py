"""Runs followed from elsewhere until they are over; what waits in batches is collected meanwhile."""

from collections.abc import Iterator
from time import monotonic, sleep

from scorer.domain.names import hint
from scorer.errors import RunError, ScorerError
from scorer.rating import IN_BATCHES, RunState, read_state, states
from scorer.workflows.rating.batches import Tell, go_on, open_runs
from scorer.workflows.workspace.bench import Bench

OPEN = "open"
LOOK_EVERY_S = 0.5
COLLECT_EVERY_S = 30.0


def silent(_line: str) -> None:
    """Tell nobody."""


def watch_runs(bench: Bench, name: str = OPEN, tell: Tell = silent, *, once: bool = False) -> Iterator[RunState]:
    """How runs stand, whenever that has changed, until they are over; what waits in batches is collected meanwhile.

    Args:
        bench: the workspace.
        name: the id of a run, the beginning of it, or `open`: every run that is not over, else the latest.
        tell: told, in a line, of what a person should know.
        once: look once; what is ready is collected.

    Raises:
        RunError: no such run has written down how it stands; or some of several could not be followed.
        PermanentError, ConfigurationError: the batches of the one run that is followed cannot be.
    """
    following = [_Followed(bench, run_id, tell) for run_id in _named(bench, name)]
    all_of_them, lost = len(following), 0
    if all_of_them > 1:
        tell(f"{all_of_them} runs are open and followed: {', '.join(one.run_id for one in following)}")
    while following:
        for one in [one for one in following if one.due_at <= monotonic()]:
            try:
                yield from one.look()
            except ScorerError as error:
                if all_of_them == 1:
                    raise
                tell(f"run {one.run_id}: {error}")
                lost, one.is_over = lost + 1, True
        following = [one for one in following if not (one.is_over or once)]
        sleep(max(min((one.due_at for one in following), default=0.0) - monotonic(), 0.0))
    if lost:
        raise RunError(f"{lost} of {all_of_them} open runs could not be followed; the lines above say why")


class _Followed:
    """One run, looked at now and then: at its file while its process lives, else at its batches."""

    def __init__(self, bench: Bench, run_id: str, tell: Tell) -> None:
        self._bench, self.run_id, self._tell = bench, run_id, tell
        self._told: RunState | None = None
        self.due_at, self.is_over = 0.0, False

    def look(self) -> Iterator[RunState]:
        """How it stands, before a round over its batches and after it, unless that was told before."""
        state, pause_s = self._read(), LOOK_EVERY_S
        yield from self._new(state)
        if state.state == IN_BATCHES or (state.is_over and self.run_id in open_runs(self._bench)):
            go_on(self._bench, self.run_id, lambda _progress: None, self._tell, stays=False)
            state, pause_s = self._read(), COLLECT_EVERY_S
        self.due_at, self.is_over = monotonic() + pause_s, state.is_over
        yield from self._new(state)

    def _new(self, state: RunState) -> Iterator[RunState]:
        if state != self._told:
            self._told = state
            yield state

    def _read(self) -> RunState:
        state = read_state(self._bench.workspace.runs_dir / self.run_id)
        if state is None:
            raise RunError(f"run {self.run_id} has not written down how it stands; `scorer runs show` has its ratings")
        return state


def _named(bench: Bench, name: str) -> list[str]:
    """The runs that a name means, oldest first."""
    known = list(states(bench.workspace.runs_dir))
    if name == OPEN:
        waiting = open_runs(bench)
        found = [one for one in known if not one.is_over or one.run_id in waiting] or known[:1]
    else:
        found = [one for one in known if one.run_id.startswith(name)][:1]
    if not found:
        raise RunError(f"no run `{name}` here{hint(name, [one.run_id for one in known])}; `scorer runs list` shows all")
    return [one.run_id for one in reversed(found)]
