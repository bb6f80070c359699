"""The seam between a run and the engine that carries it out: Cells go in, Ratings come out.

Plan, budget, identity, journal, store and evaluation stand on one side of it and do not know which engine runs. Each
engine stands on the other side and knows none of them beyond what its Job holds.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import NamedTuple, Protocol

from scorer.domain.money import PriceList
from scorer.domain.rating import Rater
from scorer.domain.rubric import Rubric
from scorer.rating.budget import Budget
from scorer.rating.plan import Queue
from scorer.rating.progress import Progress
from scorer.rating.sink import Sink


class EngineName(StrEnum):
    """The engines: this process, a provider's Batch API, several machines."""

    LOCAL = "local"
    BATCH = "batch"
    RAY = "ray"


class Job(NamedTuple):
    """What an engine is told of a run.

    Attributes:
        run_id: the run that the Ratings belong to.
        raters: who is asked, by name.
        rubrics: on which scales, by id.
        prices: what the raters cost, by name.
        budget: what may be spent; every request is set aside before it goes and settled after it.
        sink: takes each Rating, once; from then on its Cell is done.
        observe: told after each Rating, every second or so, and when the run begins to stop.
        stays: whether to stay until all is done where somebody else could go on later.
        tell: is told, in a line, of what a person should know.
    """

    run_id: str
    raters: Mapping[str, Rater]
    rubrics: Mapping[str, Rubric]
    prices: Mapping[str, PriceList]
    budget: Budget
    sink: Sink
    observe: Callable[[Progress], None]
    stays: bool = True
    tell: Callable[[str], None] = lambda _line: None


class Engine(Protocol):
    """Carries out a plan."""

    async def rate(self, missing: Mapping[str, Queue]) -> Progress:
        """Rate Cells until all are done, somebody stops the run, or a permanent error does.

        A Cell that is not done when this ends stays missing; whatever was answered is in the sink.

        Args:
            missing: the Cells of each rater, by its name; drawn once, one after the other.

        Returns:
            How far it came; `stopping` where it was interrupted.

        Raises:
            BudgetError: the budget is spent.
            PermanentError: an endpoint will never answer.
            StoreError, RunError: the store or the journal takes no more.
            asyncio.CancelledError: on a second interrupt.
        """
        ...
