"""The engine of one process: bounded, paced, resumable, never losing an answer.

Each rater has its own worklist and as many workers as its endpoint takes at once, so a slow rater never holds up
another; what is asked again stands in the same list as what is new. Every request goes through the pacer of its
endpoint. An answer is journalled before its Cell counts as done. What cannot go on (a bad key, a full disk, a store
that takes nothing) stops dispatch at once, lets what is in flight arrive (it is paid for) and is raised when
everything that can be is stored.
"""

import asyncio
import sys
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from typing import NamedTuple

from scorer.domain.money import UNKNOWN, PriceList
from scorer.domain.rating import Cell, Rater, Rating, Reply
from scorer.domain.rubric import Rubric
from scorer.errors import RateLimitedError, TransientError
from scorer.providers import Provider
from scorer.rating.assemble import failed_rating, rating_of
from scorer.rating.collector import collecting_seldom
from scorer.rating.estimate import tokens_by_rule
from scorer.rating.interrupt import interruptible
from scorer.rating.pacer import Pacer, Turns
from scorer.rating.plan import Queue
from scorer.rating.progress import Progress
from scorer.rating.retry import Patience, Retries
from scorer.rating.sink import Keeps
from scorer.rating.worklist import Inbox, Trial, Worklist
from scorer.rubrics import read_answer

EARLIER_COUNT = 0.9
WAITING_PER_WORKER = 4
WATCH_S = 1.0


class Desk(NamedTuple):
    """A rater at work.

    Attributes:
        rater: its settings.
        provider: reaches it.
        prices: what is known of them.
        pacer: shared by all raters at one endpoint with one key; None: one of its own.
    """

    rater: Rater
    provider: Provider
    prices: PriceList = UNKNOWN
    pacer: Turns | None = None

    def cost_usd(self, reply: Reply) -> float | None:
        """What a reply cost in the tier that served it, or else was asked for; None where that is not known."""
        return self.prices.cost_usd(reply.usage, reply.service_tier or self.rater.params.get("service_tier"))


class LocalEngine:
    """Rates Cells in this process. See `seam.Engine`.

    Args:
        run_id: the run that the Ratings belong to.
        desks: by rater name.
        rubrics: by rubric id.
        sink: takes each Rating.
        observe: called after each Rating, and when the run begins to stop.
        patience: attempts and time that one Cell is worth.
        heeds_signals: whether Ctrl-C is for it; not where it works for an engine that gets it.
    """

    def __init__(
        self,
        run_id: str,
        *,
        desks: Mapping[str, Desk],
        rubrics: Mapping[str, Rubric],
        sink: Keeps,
        observe: Callable[[Progress], None],
        patience: Patience | None = None,
        heeds_signals: bool = True,
    ) -> None:
        self._run_id, self._desks, self._rubrics, self._sink = run_id, desks, rubrics, sink
        self._observe, self._retries = observe, Retries(patience or Patience())
        self._interruptible = interruptible(self.stop) if heeds_signals else nullcontext()
        self._error: Exception | None = None
        self._progress = Progress(total=0)
        self._posts: list[_Post] = []
        self._stopping = asyncio.Event()

    async def rate(self, missing: Mapping[str, Queue | Inbox]) -> Progress:
        """Rate Cells until all are done, somebody stops the run, or a permanent error does.

        Args:
            missing: the Cells of each rater, by its name; an Inbox is never done.

        Returns:
            How far it came; `stopping` where it was interrupted.

        Raises:
            PermanentError: an endpoint will never answer; everything that did arrive is stored.
            StoreError, RunError: the store or the journal takes no more; what was journalled is kept.
            Exception: any other is a bug; what was journalled is kept. The first error is the one that is raised.
            asyncio.CancelledError: on a second interrupt; what was journalled is kept.
        """
        totals = {name: len(queue) for name, queue in missing.items() if not isinstance(queue, Inbox)}
        self._progress = Progress(total=sum(totals.values()), totals=totals)
        flusher = asyncio.create_task(self._keep_flushing())
        watchdog = asyncio.create_task(self._keep_watching())
        try:
            with self._interruptible, collecting_seldom():
                await self._work_all(missing)
        finally:
            watchdog.cancel()
            self._sink.close()
            await flusher
        if self._error:
            raise self._error
        return self._progress

    async def _keep_flushing(self) -> None:
        try:
            await self._sink.keep_flushing()
        except Exception as error:  # noqa: BLE001 - kept and raised by `rate`
            self._fail(error)

    async def _keep_watching(self) -> None:
        """Whoever watches is told the time as well: a run in which nothing arrives is seen to stand, and why."""
        try:
            while True:
                await asyncio.sleep(WATCH_S)
                self._observe(self._progress)
        except Exception as error:  # noqa: BLE001 - kept and raised by `rate`
            self._fail(error)

    async def _work_all(self, missing: Mapping[str, Queue | Inbox]) -> None:
        async with asyncio.TaskGroup() as group:
            self._posts = [self._post(name, queue) for name, queue in missing.items()]
            for post in self._posts:
                self._staff(post, group)

    def _post(self, name: str, queue: Queue | Inbox) -> "_Post":
        desk = self._desks[name]
        pacer = desk.pacer or Pacer(desk.rater.limits)
        if isinstance(queue, Inbox):
            return _Post(desk, pacer, queue, sys.maxsize)
        return _Post(desk, pacer, Worklist(queue, WAITING_PER_WORKER * desk.rater.limits.concurrency), len(queue))

    def _staff(self, post: "_Post", group: asyncio.TaskGroup) -> None:
        """As many workers as requests may be in flight; more, once the pacer has learned that more are taken."""
        while post.workers < min(post.pacer.at_once(post.desk.rater.limits), post.cells):
            post.workers += 1
            group.create_task(self._work(post, group))

    async def _work(self, post: "_Post", group: asyncio.TaskGroup) -> None:
        try:
            while not self._stopping.is_set() and (trial := await post.work.draw()):
                await self._attempt(post, trial)
                self._staff(post, group)
        except Exception as error:  # noqa: BLE001 - kept and raised by `rate`; here it would cancel what is in flight
            self._fail(error)

    async def _attempt(self, post: "_Post", trial: Trial) -> None:
        """Ask once. A Cell whose attempts were not spent when the run stopped stays missing."""
        try:
            reply = await self._send(post, trial)
        except TransientError as error:
            if self._stopping.is_set():
                return
            wait_s = self._retries.wait_s(trial, error)
            if wait_s is None:
                self._keep(failed_rating(trial.cell, self._run_id, str(error), trial.attempts))
                post.work.close(trial)
            else:
                post.work.put_back(trial, wait_s)
            return
        if reply is not None:
            self._keep(self._judged(post.desk, trial, reply))
            post.work.close(trial)

    async def _send(self, post: "_Post", trial: Trial) -> Reply | None:
        """One request: what must be granted before it and settled after it stands here, and nowhere else.

        Returns:
            The reply; None where the run stopped before the request could go.
        """
        permit = await post.pacer.turn(post.tokens_of(trial.cell))
        if permit is None:
            return None
        trial.depart()
        try:
            with self._progress.flight(trial.cell):
                reply = await post.desk.provider.ask(trial.cell)
        except RateLimitedError as error:
            post.pacer.refused(permit, error.retry_after)
            self._progress.refused[trial.cell.rater] += 1
            raise
        except BaseException:
            post.pacer.failed(permit)
            raise
        post.pacer.answered(permit, post.used_by(trial.cell, reply), reply.allowance)
        return reply

    def _judged(self, desk: Desk, trial: Trial, reply: Reply) -> Rating:
        cell = trial.cell
        answer = read_answer(self._rubrics[cell.rubric], reply, desk.rater.answer, cell.answer_schema)
        return rating_of(cell, self._run_id, reply, answer, attempts=trial.attempts, cost_usd=desk.cost_usd(reply))

    def _keep(self, rating: Rating) -> None:
        self._sink.take(rating)
        self._progress.count(rating)
        self._observe(self._progress)

    def _fail(self, error: Exception) -> None:
        """Remember the first error, to raise it when what is in flight has arrived; nothing more is sent."""
        self._error = self._error or error
        self._drain()

    def stop(self) -> None:
        """Ask no more; what is in flight arrives, and then `rate` ends."""
        self._drain()
        self._observe(self._progress)

    def _drain(self) -> None:
        self._stopping.set()
        self._progress.stopping = True
        for post in self._posts:
            post.pacer.close()
            post.work.stop()


class _Post:
    """A desk at work: its pacer, what it has to do, how many work there, and how many tokens its requests take."""

    def __init__(self, desk: Desk, pacer: Turns, work: Worklist, cells: int) -> None:
        self.desk, self.pacer, self.work, self.cells, self.workers = desk, pacer, work, cells, 0
        self._usual: dict[str, float] = {}

    def tokens_of(self, cell: Cell) -> float:
        """Tokens that a request will take: as the last ones on its rubric did, at first by its length."""
        usual = self._usual.get(cell.rubric)
        if usual is None:
            return tokens_by_rule(cell, self.desk.rater)
        return usual

    def used_by(self, cell: Cell, reply: Reply) -> float | None:
        """Tokens that a request took; None where the endpoint does not say."""
        usage = reply.usage
        if usage.input_tokens is None:
            return None
        used = usage.input_tokens + (usage.output_tokens or 0)
        self._usual[cell.rubric] = used + EARLIER_COUNT * (self._usual.get(cell.rubric, used) - used)
        return used
