"""Labels, agreement and verdicts: what people say, how well raters agree with it, and what follows."""

from datetime import datetime
from enum import StrEnum
from typing import Literal

from pydantic import Field

from scorer.domain.base import Frozen


class LabellerKind(StrEnum):
    """Who labelled: a person, or a model (whose labels never open the default gate)."""

    PERSON = "person"
    MODEL = "model"


class LabelOrigin(StrEnum):
    """How a label came to be. Review labels resolve disagreements and never enter agreement, gate or PPI."""

    IMPORT = "import"
    SAMPLE = "sample"
    REVIEW = "review"


class Label(Frozen):
    """One labeller's answer about one task.

    Attributes:
        statement_sha256: the text that was labelled, where known; a rating of another text is not compared with it.
        inclusion_probability: chance that the sample drew this task; None for imported sets.
    """

    label_set: str
    task_id: str
    rubric: str
    labeller: str
    labeller_kind: LabellerKind
    origin: LabelOrigin = LabelOrigin.IMPORT
    sample_id: str | None = None
    inclusion_probability: float | None = Field(default=None, gt=0, le=1)
    category: str
    score: float
    note: str | None = None
    statement_sha256: str | None = None
    created_at: datetime | None = None


class Undefined(StrEnum):
    """Why there is no number. Never 0, never 1, never NaN."""

    NO_VARIATION = "no variation: one category only, so nothing could disagree"
    TOO_FEW = "too few pairs"
    NO_OVERLAP = "no task was answered by both"
    TOO_FEW_CLUSTERS = "too few occupations for an interval"
    NO_SPREAD = "rater spread not estimable: fewer than three raters"
    NO_REPEATS = "within-rater interval not estimable: no repeats or variants"
    UNSTABLE = "undefined in too many bootstrap draws for an interval"
    ONE_LEVEL = "not estimable: fewer than two of them"
    CONFOUNDED = "not estimable apart: no repeats, so it is part of the highest interaction"
    NOT_COVERED = "the labels leave out SOC groups with more than 5 % of the weight"
    NO_LABELS = "no labels by people to correct it with"
    TOO_FEW_LABELS = "too few labels by people for an interval"
    NOT_CALIBRATED = "too few labelled tasks or occupations to calibrate on"
    CALIBRATED_ALREADY = "computed from labels already: calibrated by `scorer calibrate`"


class Agreement(Frozen):
    """One coefficient of one rater against one counterpart in one stratum; no value has a reason instead.

    Attributes:
        counterpart: another rater, or a label set and its labeller: `gpts-are-gpts/human`.
        stratum: `all`, `soc:15`, `kind:core`, ...
        metric: `kappa`, `alpha_ordinal`, ...; `raw_agreement@alpha` for a measure that is not the primary one.
    """

    rater: str
    counterpart: str
    rubric: str
    stratum: str
    metric: str
    value: float | None
    ci_low: float | None = None
    ci_high: float | None = None
    n: int
    reason_undefined: str | None = None


class Decision(StrEnum):
    """What the gate says. No Verdict means HOLD."""

    PASS = "PASS"  # noqa: S105 - not a secret
    HOLD = "HOLD"


class Verdict(Frozen):
    """PASS or HOLD of one rater (or `panel`) on one rubric, with reasons and the level of the evidence."""

    rater: str
    rubric: str
    label_set: str
    level: str = "all"
    decision: Decision
    reasons: tuple[str, ...]
    policy: str
    policy_hash: str


class TaskScore(Frozen):
    """The number of a Task for one Rater in one measure; repeats and variants reduced.

    Attributes:
        n: usable ratings reduced. sd: their spread, None for one.
        status: `rated`, or the commonest status of what could not be used.
    """

    task_id: str
    rubric: str
    rater: str
    measure: str
    score: float | None
    n: int
    sd: float | None = None
    status: str


class TaskConsensus(Frozen):
    """What the panel makes of a Task. spread: highest minus lowest rater."""

    task_id: str
    rubric: str
    score: float | None
    spread: float | None
    n_raters: int
    rationale: str | None = None


class OccupationScore(Frozen):
    """An Occupation's number for one rater or `panel`, with all that one must know to read it.

    Attributes:
        score: known of a held row too; whoever publishes leaves it out there.
        n_tasks: tasks in the weighted mean.
        completeness: their share of the weight of all the occupation's tasks, 0 to 1.
        detectable_difference: to the median other occupation, found in 80 % of comparisons; None without an interval.
        band: by the cut-offs of the policy; None where it has none for the rubric.
        reasons: why it is held, where it is; then on which labels it passed, what was left out, and why an interval is
            missing.
    """

    occupation_code: str
    rubric: str
    rater: str
    measure: str
    score: float | None
    share_50: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    rank_low: int | None = None
    rank_high: int | None = None
    detectable_difference: float | None = None
    band: str | None = None
    n_tasks: int
    completeness: float
    weights: str
    status: Literal["published", "held"]
    reasons: tuple[str, ...] = ()


class BlockerShare(Frozen):
    """How much of an Occupation a blocker stands against, as one rater or `panel` sees it.

    Attributes:
        share: share of the task weight with an answer that is blocked, 0 to 1; None where there is no answer.
        n_tasks, completeness: of the tasks with an answer.
        status: that of the occupation's score on the same rubric.
    """

    occupation_code: str
    rubric: str
    rater: str
    blocker: str
    share: float | None
    n_tasks: int
    completeness: float
    weights: str
    status: Literal["published", "held"]


class Disagreement(Frozen):
    """How far raters are apart on a Task, and how much that matters to its occupation.

    Attributes:
        weight: the task's share of its occupation's weight, 0 to 1.
        priority: spread over the width of the scale, times weight.
    """

    task_id: str
    rubric: str
    spread: float
    weight: float
    priority: float
    resolved_by: str | None = None
