"""What was rated before, as far as a plan needs to know it."""

from collections.abc import Mapping
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


class Text(NamedTuple):
    """What a rater was asked about a task: under which rubric version, and the sha256 of the statement."""

    rubric: str
    statement_sha256: str | None


class Past(NamedTuple):
    """What a store knows of earlier askings.

    Attributes:
        standings: by Cell hash.
        texts: by rater and name of the rubric (without its version), then by task id.
        raters: those that have any rating.
        in_flight: hashes of Cells that were handed over and not yet answered.
    """

    standings: Mapping[str, Standing]
    texts: Mapping[tuple[str, str], Mapping[str, frozenset[Text]]]
    raters: frozenset[str]
    in_flight: frozenset[str] = frozenset()


NOTHING = Past({}, {}, frozenset())


class Usual(NamedTuple):
    """What one rating of a rater on a rubric took, on average over `n` earlier ones; latency in milliseconds."""

    n: int
    input_tokens: float
    cached_tokens: float
    output_tokens: float
    latency_ms: float
