"""Asks the probes of a Cell one after the other, and the engine of an embedded rater question by question.

An engine with one slot keeps the beginning of the last prompt in its cache. Cells come many at once; their requests
are therefore served like passengers of a lift: everybody who waits with the question that was asked last, then those
with the next one. One request is in flight at a time, and the order follows from the order of the Cells alone.
"""

import asyncio
from collections import OrderedDict, deque
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext

from scorer.domain.rating import AskedProbe, Cell, Json, Reply, Usage
from scorer.providers.provider import Provider

AT_ONCE = 16
"""Cells of an embedded probes rater in work at once: as many are served before the question changes."""


REMEMBERED = 4_000
"""Replies that are kept for Cells of another rubric: some thousand tasks, some ten megabytes."""

FREE = Usage(input_tokens=0, cached_tokens=0, output_tokens=0)


class ProbeProvider:
    """A Provider that takes a request for each probe of a Cell.

    A probe that two rubrics share is asked once: what was answered about a task counts for the other rubric's Cell of
    the same repeat and occasion, and costs nothing there.

    Args:
        single: asks one request; closed with this one.
        lift: shared by all Cells where requests must go one by one; None where the endpoint takes many.
    """

    def __init__(self, single: Provider, lift: "Lift | None") -> None:
        self._single, self._lift = single, lift
        self._known: OrderedDict[tuple[object, ...], tuple[str, Reply]] = OrderedDict()

    async def ask(self, cell: Cell) -> Reply:
        """All replies as one. See `Provider.ask`; what was answered before an error is asked again with the rest."""
        if not cell.probes:
            return await self._alone("", cell)
        return Reply.of_probes({probe.name: await self._answer(cell, probe) for probe in cell.probes})

    async def about(self) -> Json:
        """See `Provider.about`."""
        return await self._single.about()

    async def aclose(self) -> None:
        """Give the connections back."""
        await self._single.aclose()

    async def _answer(self, cell: Cell, probe: AskedProbe) -> Reply:
        """The reply to one probe: that to another rubric's Cell where there is one."""
        request = _request(cell, probe)
        key = (cell.task_id, cell.variant, cell.repeat, cell.occasion, request.messages)
        if known := self._recalled(key, cell.rubric):
            return known
        async with self._turn(_question(probe)):
            if known := self._recalled(key, cell.rubric):  # answered while this one waited
                return known
            reply = await self._single.ask(request)
        self._known[key] = cell.rubric, reply
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return reply

    def _recalled(self, key: tuple[object, ...], rubric: str) -> Reply | None:
        asked_for, reply = self._known.get(key, (rubric, None))
        if reply is None or asked_for == rubric:
            return None
        return reply.model_copy(update={"usage": FREE, "latency_ms": 0.0})

    async def _alone(self, question: str, request: Cell) -> Reply:
        async with self._turn(question):
            return await self._single.ask(request)

    def _turn(self, question: str) -> AbstractAsyncContextManager[None]:
        """The turn of a question, where requests must go one by one."""
        return nullcontext() if self._lift is None else self._lift.ride(question)


class Lift:
    """Lets one in at a time: first all who wait with the question served last, then those with the next question.

    Questions take turns in the order in which they first came; within a question, first come, first served.
    """

    def __init__(self) -> None:
        self._waiting: dict[str, deque[asyncio.Future[None]]] = {}
        self._floor = ""
        self._is_taken = False

    @asynccontextmanager
    async def ride(self, question: str) -> AsyncIterator[None]:
        """Wait for the turn of a question, and hold it for the length of the block."""
        await self._enter(question)
        try:
            yield
        finally:
            self._leave()

    async def _enter(self, question: str) -> None:
        queue = self._waiting.setdefault(question, deque())
        if not self._is_taken:
            self._is_taken, self._floor = True, question
            return
        turn = asyncio.get_running_loop().create_future()
        queue.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn in queue:
                queue.remove(turn)
            elif not turn.cancelled():
                self._leave()  # the turn had come in the meantime: pass it on
            raise

    def _leave(self) -> None:
        questions = list(self._waiting)
        at = questions.index(self._floor) if self._floor in questions else 0
        for question in questions[at:] + questions[:at]:
            queue = self._waiting[question]
            while queue:
                turn = queue.popleft()
                if not turn.done():
                    self._floor = question
                    turn.set_result(None)
                    return
        self._is_taken = False


def _question(probe: AskedProbe) -> str:
    """What requests share: the first message."""
    return probe.opening[0].content


def _request(cell: Cell, probe: AskedProbe) -> Cell:
    return cell.model_copy(update={"messages": (*probe.opening, *cell.messages), "probes": ()})
