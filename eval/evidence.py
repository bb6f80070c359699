"""What a verdict rests on: a rater's column beside the labels that count for it under a policy.

The counterpart is what people said: where several labelled a task it counts once, each label with an equal share.
Labels by models count only where the policy says so, and only for tasks that no person labelled.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from eval.agreement import Pair, estimates, metrics_of, pair
from eval.columns import Column, Frame, pool
from eval.policy import Policy
from eval.rationales import NOTHING_FOUND, RationaleFindings
from scorer.domain.rubric import Rubric
from scorer.statistics import Estimate


@dataclass(frozen=True)
class LabelColumns:
    """One label set on a rubric: a column for each labeller, and the floors that stand beside the raters on it."""

    name: str
    people: tuple[Column, ...]
    models: tuple[Column, ...]
    floors: tuple[Column, ...] = ()


@dataclass(frozen=True)
class Evidence:
    """All that a verdict rests on: a rater's column and the labels that count for it under a policy.

    Attributes:
        rationales: what was found on the rationales of this rubric; nothing where nobody looked.
    """

    frame: Frame
    rubric: Rubric
    policy: Policy
    seed: int
    rater: Column
    labels: LabelColumns
    rationales: RationaleFindings = NOTHING_FOUND

    @cached_property
    def people(self) -> Column:
        """What people said, pooled."""
        return pool(self.rater, self.labels.people, self.labels.name)

    @cached_property
    def counted(self) -> Column:
        """The labels that count: people's; a model's only where nobody labelled and the policy allows it."""
        if not self.policy.count_model_labels:
            return self.people
        models = pool(self.rater, self.labels.models, self.labels.name)
        by_people = self.people.answered
        return replace(
            self.people,
            shares=np.where(by_people[:, None], self.people.shares, models.shares),
            weights=np.where(by_people, self.people.weights, models.weights),
            asked=by_people | models.answered,
        )

    @cached_property
    def pair(self) -> Pair:
        """The rater beside the labels that count."""
        return pair(self.rater, self.counted)

    @cached_property
    def estimates(self) -> dict[str, Estimate]:
        """The coefficients that the rules read: the rubric's own alpha, and the bias."""
        metrics = metrics_of(self.rubric)
        wanted = (self.coefficient, "bias")
        return estimates(self.pair, self.frame, {name: metrics[name] for name in wanted}, self.seed)

    @property
    def coefficient(self) -> str:
        """The rubric's own coefficient: alpha at its level of measurement."""
        return f"alpha_{self.rubric.level}"

    @cached_property
    def sources(self) -> str:
        """How many tasks were compared, and who labelled them."""
        n, by_people = self.pair.n, int(self.people.answered[self.pair.places].sum())
        if by_people == n:
            return f"{n} tasks labelled by persons"
        if by_people == 0:
            return f"{n} tasks labelled by models, not by people"
        return f"{n} labelled tasks ({by_people} by persons, {n - by_people} by models, not by people)"
