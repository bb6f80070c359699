"""Whether the reasons that raters give can be reasons at all, as rows of a release."""

from enum import StrEnum

from scorer.domain.base import Frozen

ANY_FLAG = "any"
"""In the place of a flag: at least one of them."""


class RationaleFlag(StrEnum):
    """What may be wrong with a rationale.

    `near_duplicate`: nearly the same text stands under another task of the occupation. `contradicts_category`: it says
    the opposite of the category, or names another one. `off_task`: it has none of the task's words.
    `product_without_evidence`: it names a product that nobody has evidence of, or claims one and names none.
    """

    NEAR_DUPLICATE = "near_duplicate"
    CONTRADICTS_CATEGORY = "contradicts_category"
    OFF_TASK = "off_task"
    PRODUCT_WITHOUT_EVIDENCE = "product_without_evidence"


class RatingFlag(Frozen):
    """One flag of one rating.

    Attributes:
        detail: what was seen, in a few words; never a stretch of the rationale or of the statement.
        other_task_id, likeness: of a near-duplicate: the task with the most alike rationale, and how alike, 0 to 1.
    """

    rating_id: str
    task_id: str
    rubric: str
    rater: str
    variant: str
    repeat: int
    flag: RationaleFlag
    detail: str
    other_task_id: str | None = None
    likeness: float | None = None


class RationaleQuality(Frozen):
    """How many of a rater's rationales on a rubric bear a flag.

    Attributes:
        flag: a RationaleFlag, or `any`.
        n: rationales that were looked at.
        share: of them, 0 to 1; None where the rater gives none, which `reason_undefined` then says.
    """

    rater: str
    rubric: str
    flag: str
    n: int
    n_flagged: int
    share: float | None
    reason_undefined: str | None = None
