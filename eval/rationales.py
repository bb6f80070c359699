"""Whether rationales can be reasons.

Looked for: texts copied from task to task, at odds with their category, with none of the task's words, or resting on
products that nobody has evidence of.

Each check sees words only and is meant to be argued with: what it finds is flagged and counted, and no number changes.
A policy may hold a rater that is flagged too often.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import NamedTuple, Protocol

from eval.answers import Answered
from eval.contradiction import contradiction
from scorer.domain.rating import Status
from scorer.domain.rationale import ANY_FLAG, RatingFlag, RationaleFlag, RationaleQuality
from scorer.domain.rubric import Rubric
from scorer.grounding import NEARLY_THE_SAME, ProductNames, content_words, likeness, product_like, twins

CLAIMED = frozenset({"named_product", "measured"})
"""Kinds of evidence that let a rationale name a product."""
NO_RATIONALES = "gives no rationales"
LONGEST_NAME = 40


class TaskText(NamedTuple):
    """What a rationale is held against. `known_names`: the title, and the technologies of the occupation."""

    occupation_code: str
    statement: str
    known_names: str = ""


class Explained(Answered, Protocol):
    """What is read of a rating, beside what `rater_column` reads."""

    @property
    def rating_id(self) -> str: ...  # noqa: D102 - as in Rating
    @property
    def rater(self) -> str: ...  # noqa: D102 - as in Rating
    @property
    def rationale(self) -> str | None: ...  # noqa: D102 - as in Rating


@dataclass(frozen=True)
class RationaleFindings:
    """What was found on one rubric: every flag, and how often each rater has one."""

    flags: tuple[RatingFlag, ...] = ()
    quality: tuple[RationaleQuality, ...] = ()

    def flagged(self, rater: str, flags: Collection[RationaleFlag]) -> tuple[int, int]:
        """Rationales of a rater with any of these flags, and all that were looked at (none of the panel's)."""
        looked_at = max((one.n for one in self.quality if one.rater == rater), default=0)
        return len({one.rating_id for one in self.flags if one.rater == rater and one.flag in flags}), looked_at


NOTHING_FOUND = RationaleFindings()


@dataclass(frozen=True)
class Texts:
    """What the checks know beside the ratings.

    Attributes:
        by_hash: (task_id, statement_sha256) -> the text that was rated.
        latest: task_id -> the text that counts where a rating does not say which it was about.
        products: what is in the registry of evidence.
    """

    by_hash: Mapping[tuple[str, str], TaskText]
    latest: Mapping[str, TaskText]
    products: ProductNames = field(default_factory=lambda: ProductNames(()))

    def about(self, rating: Explained) -> TaskText | None:
        """The text that was rated; None where nobody knows it."""
        if rating.statement_sha256 is None:
            return self.latest.get(rating.task_id)
        return self.by_hash.get((rating.task_id, rating.statement_sha256))


def look_over(rubric: Rubric, ratings: Iterable[Explained], texts: Texts) -> RationaleFindings:
    """Flag the rationales of ratings on one rubric, and count by rater.

    Args:
        rubric: its scale.
        ratings: in order of rater; those without a category or a rationale are passed over.
        texts: statements and known names.
    """
    flags: list[RatingFlag] = []
    quality: list[RationaleQuality] = []
    for rater, own in groupby(ratings, key=lambda one: one.rater):
        given = [one for one in own if one.status is Status.RATED and one.category and one.rationale]
        found = [flag for one in given for flag in _of_one(rubric, one, texts)] + list(_copies(rubric, given, texts))
        flags += found
        quality += _counts(rater, rubric, len(given), found)
    return RationaleFindings(tuple(flags), tuple(quality))


def _of_one(rubric: Rubric, rating: Explained, texts: Texts) -> Iterator[RatingFlag]:
    """What can be seen of one rationale by itself."""
    rationale, about = rating.rationale or "", texts.about(rating)
    checks = {
        RationaleFlag.CONTRADICTS_CATEGORY: contradiction(rubric, rating.category or "", rationale),
        RationaleFlag.OFF_TASK: _off_task(rationale, about),
        RationaleFlag.PRODUCT_WITHOUT_EVIDENCE: _products(rating.evidence, rationale, about, texts.products),
    }
    for flag, detail in checks.items():
        if detail:
            yield _flag(rubric, rating, flag, detail)


def _off_task(rationale: str, about: TaskText | None) -> str | None:
    if about is None:
        return None
    asked = content_words(about.statement)
    return "none of the task's words" if asked and not asked & content_words(rationale) else None


def _products(evidence: str | None, rationale: str, about: TaskText | None, products: ProductNames) -> str | None:
    """A product of the registry where the rater claims no product; a name nobody knows; a claim without a name."""
    known_names = f"{about.statement} {about.known_names}" if about else ""
    named = [name for name in products.named_in(rationale) if name.casefold() not in known_names.casefold()]
    strange = product_like(rationale, " ".join([known_names, *named]))
    if strange:
        return f"names `{strange[0][:LONGEST_NAME]}`, of which there is no entry"
    if named and evidence not in CLAIMED:
        return f"names `{named[0][:LONGEST_NAME]}`, evidence {evidence or 'not stated'}"
    spoken = named or products.named_in(rationale)
    return "claims a product and names none that is known" if evidence == "named_product" and not spoken else None


def _copies(rubric: Rubric, ratings: Sequence[Explained], texts: Texts) -> Iterator[RatingFlag]:
    """Rationales of different tasks of one occupation that are nearly the same, unless the tasks are too."""
    asked: dict[tuple[str, str, int], list[tuple[Explained, TaskText]]] = {}
    for rating in ratings:
        if about := texts.about(rating):
            asked.setdefault((about.occupation_code, rating.variant, rating.repeat), []).append((rating, about))
    for group in asked.values():
        latest = list({rating.task_id: (rating, about) for rating, about in group}.values())
        for place, twin in twins([rating.rationale or "" for rating, _ in latest]).items():
            (rating, about), (other, other_about) = latest[place], latest[twin.place]
            if likeness(about.statement, other_about.statement) < NEARLY_THE_SAME:
                flag = _flag(rubric, rating, RationaleFlag.NEAR_DUPLICATE, f"as under task {other.task_id}")
                alike = round(min(twin.likeness, 1.0), 3)
                yield flag.model_copy(update={"other_task_id": other.task_id, "likeness": alike})


def _flag(rubric: Rubric, rating: Explained, flag: RationaleFlag, detail: str) -> RatingFlag:
    return RatingFlag(
        rating_id=rating.rating_id,
        task_id=rating.task_id,
        rubric=rubric.id,
        rater=rating.rater,
        variant=rating.variant,
        repeat=rating.repeat,
        flag=flag,
        detail=detail,
    )


def _counts(rater: str, rubric: Rubric, n: int, flags: Sequence[RatingFlag]) -> Iterator[RationaleQuality]:
    by_flag = {flag.value: {one.rating_id for one in flags if one.flag is flag} for flag in RationaleFlag}
    for name, flagged in {**by_flag, ANY_FLAG: set().union(*by_flag.values())}.items():
        yield RationaleQuality(
            rater=rater,
            rubric=rubric.id,
            flag=name,
            n=n,
            n_flagged=len(flagged),
            share=len(flagged) / n if n else None,
            reason_undefined=None if n else NO_RATIONALES,
        )
