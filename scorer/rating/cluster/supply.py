"""What a cluster has still to do: drawn as hands have room, and given back when one dies."""

import asyncio
from collections import Counter, deque
from collections.abc import Iterable, Mapping
from itertools import islice

from scorer.domain.rating import Cell
from scorer.rating.plan import Queue

Wants = Mapping[str, int]
"""How many Cells a hand wants to hold, by rater."""


class Held:
    """What one hand has and has not given back; `wants` is how many it wants to have, by rater."""

    def __init__(self) -> None:
        self.wants: Wants = {}
        self.cells: dict[str, Cell] = {}
        self._by_rater: Counter[str] = Counter()
        self.brought = 0

    def room(self, rater: str) -> int:
        """How many more of a rater it wants."""
        return max(self.wants.get(rater, 0) - self._by_rater[rater], 0)

    def add(self, cell: Cell) -> None:
        """It is given one more."""
        self.cells[cell.cell_hash] = cell
        self._by_rater[cell.rater] += 1

    def release(self, cell_hash: str) -> Cell | None:
        """It has given one back; None where it had none such."""
        cell = self.cells.pop(cell_hash, None)
        if cell:
            self._by_rater[cell.rater] -= 1
            self.brought += 1
        return cell


class Supply:
    """The Cells of a plan, drawn as hands have room, those of a dead hand first.

    Args:
        missing: the Cells of each rater, by its name.
    """

    def __init__(self, missing: Mapping[str, Queue]) -> None:
        self._new = {name: iter(queue) for name, queue in missing.items()}
        self._returned: dict[str, deque[Cell]] = {name: deque() for name in missing}
        self._open = sum(map(len, missing.values()))
        self._changed = asyncio.Event()

    @property
    def is_done(self) -> bool:
        """Whether each has its Rating."""
        return not self._open

    def draw(self, held: Held) -> list[Cell]:
        """What a hand has room for; it counts as held from here on."""
        drawn: list[Cell] = []
        for name, new in self._new.items():
            room, returned = held.room(name), self._returned[name]
            again = [returned.popleft() for _ in range(min(room, len(returned)))]
            drawn += [*again, *islice(new, room - len(again))]
        for cell in drawn:
            held.add(cell)
        return drawn

    def put_back(self, cells: Iterable[Cell]) -> None:
        """They are to be given to somebody else."""
        for cell in cells:
            self._returned[cell.rater].append(cell)
        self.wake()

    def close(self) -> None:
        """One has its Rating."""
        self._open -= 1

    async def change(self) -> None:
        """Wait until there may be something to draw, or nothing more to wait for."""
        await self._changed.wait()

    def wake(self) -> None:
        """Whoever waits looks again; who comes later waits anew."""
        waiting, self._changed = self._changed, asyncio.Event()
        waiting.set()
