"""What was rated before, as far as a plan needs to know it."""

from typing import NamedTuple

from scorer.domain.rating import Status


class Standing(NamedTuple):
    """How it stands with a Cell that was asked.

    Attributes:
        status: of the rating that counts.
        raters: the names under which it has ratings; more than one where a rater was renamed.
    """

    status: Status
    raters: frozenset[str]
