"""What a run ordered, kept beside its batches: all that another process needs to go on with them."""

from pathlib import Path

from pydantic import ValidationError

from scorer.domain.base import Frozen
from scorer.domain.rating import Rater
from scorer.domain.rubric import Rubric
from scorer.errors import RunError
from scorer.rating.seam import Job

ORDER = "order.json"


class Order(Frozen):
    """What a run ordered.

    Attributes:
        raters: as they were configured; keys are named, never held.
        rubrics: as they were worded.
        totals: Cells that were missing when the run began, by rater.
        limit_usd: what the run may spend; None: no limit.
    """

    run_id: str
    raters: tuple[Rater, ...]
    rubrics: tuple[Rubric, ...]
    totals: dict[str, int]
    limit_usd: float | None = None

    @classmethod
    def of(cls, job: Job, totals: dict[str, int]) -> "Order":
        """What a run orders."""
        return cls(
            run_id=job.run_id,
            raters=tuple(job.raters.values()),
            rubrics=tuple(job.rubrics.values()),
            totals=totals,
            limit_usd=job.budget.limit_usd,
        )

    def write(self, folder: Path) -> None:
        """Keep it in the folder of its batches, whole or not at all."""
        folder.mkdir(parents=True, exist_ok=True)
        beside = folder / f"{ORDER}.new"
        beside.write_text(self.model_dump_json(), encoding="utf-8")
        beside.replace(folder / ORDER)

    @classmethod
    def read(cls, folder: Path) -> "Order":
        """The order of a folder.

        Raises:
            RunError: it is gone or damaged.
        """
        try:
            return cls.model_validate_json((folder / ORDER).read_bytes())
        except (OSError, ValidationError) as error:
            raise RunError(
                f"{folder / ORDER} is gone or damaged, so the batches of this run cannot be collected: restore it, "
                "or `scorer runs cancel --give-up` gives their cells back"
            ) from error
