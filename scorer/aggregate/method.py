"""How occupation numbers are made: every choice that moves them, in one value that is stored with them."""

from pydantic import Field

from scorer.domain.base import Frozen


class Method(Frozen):
    """The choices of one aggregation.

    Attributes:
        weights: scheme of the task weights, see `task_weights`.
        panel: names of the raters that may be combined; all that passed where empty.
        reduce: how raters become a consensus: `mean`, `median`, `mode` or `dawid-skene`.
        min_completeness: share of an occupation's weight, 0 to 1, below which its number is held.
        draws: simulated rankings for the rank intervals.
        seed: of those draws.
        bands: rubric name -> name of each band -> the score from which on it holds, in the primary measure.
    """

    weights: str = "core2"
    panel: tuple[str, ...] = ()
    reduce: str = "mean"
    min_completeness: float = Field(default=0.8, gt=0, le=1)
    draws: int = Field(default=2000, gt=0)
    seed: int = 0
    bands: dict[str, dict[str, float]] = Field(default_factory=dict)
