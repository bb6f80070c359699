"""Indices that others have published about occupations, and how far our scores go together with them."""

from scorer.domain.base import Frozen


class IndexScore(Frozen):
    """What a published index says of one occupation.

    Attributes:
        index_name: `eloundou-human-beta`.
        occupation_code: O*NET-SOC `NN-NNNN.NN`, or SOC `NN-NNNN` where the index knows no finer one.
        score: in the units of the index.
    """

    index_name: str
    occupation_code: str
    score: float


class Concordance(Frozen):
    """A correlation between our occupation scores and an index; no value has a reason instead.

    Attributes:
        metric: `pearson` or `spearman`.
        joined_by: `onet` (code by code), or `soc`: the index has SOC codes, and ours are averaged within each.
        n: pairs. n_index: codes of the index; n_ours: occupations with a published score. What is not a pair is lost.
    """

    index_name: str
    rubric: str
    rater: str
    measure: str
    metric: str
    value: float | None
    ci_low: float | None = None
    ci_high: float | None = None
    n: int
    n_index: int
    n_ours: int
    joined_by: str
    reason_undefined: str | None = None
