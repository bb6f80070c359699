"""What makes a number uncertain, as rows of a release: components of variance, corrected means, other choices."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from scorer.domain.base import Frozen


class VarianceComponent(Frozen):
    """How much of the variance of single answers is due to one factor or interaction, for one rater or `panel`.

    Attributes:
        component: `task`, `rater`, `variant`, `task x rater`, ..., `repeat`.
        variance: in squared units of the measure, at least 0; None has a reason instead.
        share: of the sum over all components, 0 to 1.
        df: degrees of freedom of the mean square.
        n_tasks, n_raters, n_variants, n_repeats: the complete block of answers that it rests on.
    """

    rubric: str
    rater: str
    measure: str
    component: str
    variance: float | None
    share: float | None
    df: int
    n_tasks: int
    n_raters: int
    n_variants: int
    n_repeats: int
    reason_undefined: str | None = None


class GroupScore(Frozen):
    """The mean of a group of tasks as rated, and as corrected by the labels of people.

    Attributes:
        level: `all`, `soc:15`, or `occupation:15-1252.00`.
        label_set, sampling: None where there are no labels by people.
        naive: mean of the rater's task scores; every occupation counts once, its tasks by their share of its weight.
        corrected: the same mean of what people say, estimated from all ratings and some labels; None has a reason.
        ci_low, ci_high: 95 % interval of `corrected`.
        power_tuning: how much of the ratings is used, 0 (labels alone) to 1.
        n_labels: tasks with a label that were used. n_tasks: tasks with a score.
        sampling: `sampled` (known inclusion probabilities) or `assumed` (imported: taken for a random sample of each
            SOC group).
        status: of the naive mean; whoever publishes leaves it out where it is held.
    """

    level: str
    rubric: str
    rater: str
    measure: str
    label_set: str | None
    naive: float
    corrected: float | None
    ci_low: float | None
    ci_high: float | None
    power_tuning: float | None
    n_labels: int
    n_tasks: int
    sampling: str | None
    status: Literal["published", "held"]
    reason_undefined: str | None = None


class LabelDraw(Frozen):
    """One task that a sample drew to be labelled.

    Attributes:
        stratum: SOC major group and, where the draw looks at it, class of disagreement: `15/high`.
        inclusion_probability: tasks drawn from the stratum over its tasks.
        spread: highest minus lowest rater when it was drawn; None where fewer than two had rated it.
        place: in the order of the sheet, from 1.
    """

    sample_id: str
    rubric: str
    onet_release: str
    task_id: str
    stratum: str
    inclusion_probability: float = Field(gt=0, le=1)
    spread: float | None
    seed: int
    place: int
    drawn_at: datetime


class Specification(Frozen):
    """One universe of a multiverse: a set of defensible choices and what they do to the occupations.

    Attributes:
        is_main: whether these are the choices of the published scores.
        raters: the rater set: `panel`, `panel without NAME`, or one rater (then there is nothing to reduce).
        second_level: what E2 counts (`exposure` only), 0 to 1.
        threshold: cut from which an occupation counts as high, in units of the measure.
        mean: of the occupation scores. share_high: of occupations at the threshold or above.
        band_changed, decile_changed: shares of occupations in another band or tenth than by the main choices.
        rank_correlation: Spearman's, with the main choices.
    """

    rubric: str
    is_main: bool
    weights: str
    raters: str
    reduce: str | None
    second_level: float | None
    threshold: float
    n_occupations: int
    mean: float
    share_high: float
    band_changed: float | None
    decile_changed: float | None
    rank_correlation: float | None
