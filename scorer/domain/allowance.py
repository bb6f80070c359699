"""What an endpoint says that it allows."""

from typing import NamedTuple


class Allowance(NamedTuple):
    """Limits that an endpoint counts over a minute or less; None where it does not say.

    Attributes:
        rpm: requests a minute.
        tpm: tokens a minute.
    """

    rpm: float | None = None
    tpm: float | None = None
