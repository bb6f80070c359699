"""`scorer rate --replay`: the stored answers of a selection are read again, and nothing is sent."""

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from scorer.domain.rating import Status
from scorer.rating import Asking, Series, read_again, replay, reread_rating, run_lock, says_the_same
from scorer.workflows.rating.asked import Asked, look_up
from scorer.workflows.workspace.bench import Bench

CELLS_AT_ONCE = 2_000


class RereadReport(NamedTuple):
    """What reading again gave.

    Attributes:
        read: answers that were read again.
        changed: how many now mean something else, by rater, status before and status now.
        kept: ratings whose exchanges hold no answer, such as refused requests; they stay as they are.
    """

    read: int
    changed: Counter[tuple[str, Status, Status]]
    kept: int


def reread(bench: Bench, asked: Asked) -> RereadReport:
    """Read the stored answers of a selection again.

    Where one means something else today, a further rating takes its place; it names the first, which is kept.

    Raises:
        RunError: another run is at work here.
    """
    asking = look_up(bench, asked).asking()
    read, kept, changed = 0, 0, Counter[tuple[str, Status, Status]]()
    with run_lock(bench.workspace.lock_path):
        replay(bench.workspace.runs_dir, bench.store.ratings.add)
        for series in asking.series:
            hashes = list(_hashes(asking, series))
            for start in range(0, len(hashes), CELLS_AT_ONCE):
                ratings = bench.store.ratings.load(hashes[start : start + CELLS_AT_ONCE], series.rater.name)
                answers = [(one, read_again(one, series)) for one in ratings]
                anew = [
                    (one, reread_rating(one, answer))
                    for one, answer in answers
                    if answer and not says_the_same(one, answer)
                ]
                bench.store.ratings.add(new for _, new in anew)
                changed.update((new.rater, old.status, new.status) for old, new in anew)
                read += sum(answer is not None for _, answer in answers)
                kept += sum(answer is None for _, answer in answers)
    return RereadReport(read, changed, kept)


def _hashes(asking: Asking, series: Series) -> Iterator[str]:
    return (series.cell_hash(*asking.identity(series, place)) for place in range(len(asking.tasks)))
