"""How the engine keeps to the limit of an endpoint, and what faults cost it."""

from pathlib import Path
from typing import NamedTuple

import duckdb
from endpoint import Mock
from roads import rate
from workload import tasks_to_rate

from scorer.domain.rating import Limits

LATENCY = {"latency_ms": 500.0, "sigma": 0.4}
RPM, TPM = 6_000, 6_000_000
OF_REQUESTS, OF_TOKENS = Limits(rpm=RPM), Limits(tpm=TPM, concurrency=200)
TOKENS = 1_400
"""About what one request takes at the mock; only to have enough Cells."""
REFUSED = FAILED = 0.02


class Kept(NamedTuple):
    """A limit that the endpoint enforces: the share of it that was used, over how long, and what was refused."""

    used: float
    seconds: float
    refused: int
    rated: int
    cells: int

    def __str__(self) -> str:
        return (
            f"{self.used:.1%} of the limit over {self.seconds:.0f} s, {self.refused} refused, "
            f"{self.rated} of {self.cells} rated"
        )


class Faults(NamedTuple):
    """Two in a hundred refused, two in a hundred failed: the share of Cells rated, and requests for each."""

    complete: float
    requests: float

    def __str__(self) -> str:
        return f"{self.complete:.0%} complete, {self.requests:.3f} requests a Cell"


def at_limit(mock: Mock, directory: Path, seconds: int, limits: Limits) -> Kept:
    """Rate for so long at a limit of requests, or of tokens."""
    mock.reset()
    mock.configure(**LATENCY, rpm=limits.rpm or 0, tpm=limits.tpm or 0)
    a_minute = limits.rpm or TPM / TOKENS
    cells = int(a_minute / 60 * seconds)
    rated = rate(list(tasks_to_rate(cells)), mock.base_url, directory, limits)
    seen = mock.stats()
    took = seen["span200_s"]
    used = rated * 60 / took / a_minute if limits.rpm else _tokens(directory) * 60 / took / TPM
    return Kept(used, took, int(seen["r429"]), rated, cells)


def faults(mock: Mock, directory: Path, cells: int) -> Faults:
    """Rate among faults."""
    mock.reset()
    mock.configure(latency_ms=50.0, p429=REFUSED, p500=FAILED)
    rated = rate(list(tasks_to_rate(cells)), mock.base_url, directory)
    return Faults(rated / cells, mock.stats()["requests"] / cells)


def _tokens(directory: Path) -> int:
    """Tokens that the endpoint has counted."""
    with duckdb.connect(directory / "store.duckdb", read_only=True) as store:
        return int(store.execute("SELECT sum(input_tokens + output_tokens) FROM rating").fetchall()[0][0])
