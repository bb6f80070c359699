"""What a provider's Batch API is to the rest of the scorer: files go up, answers come down, a day later at most."""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple, Protocol

from scorer.domain.rating import Cell, Json, Reply

VALIDATING, FAILED, CANCELLED = "validating", "failed", "cancelled"
ENDED = frozenset({"completed", "expired", FAILED, CANCELLED})


class RemoteBatch(NamedTuple):
    """A batch as the provider tells of it.

    Attributes:
        status: its word; `validating` means that nothing is accepted yet.
        problem: what it says was wrong, redacted and quoted; None where nothing was.
        is_too_much: whether it was refused because more tokens wait already than the account may have waiting.
        most_tokens: how many those may be; None where it does not say.
    """

    batch_id: str
    status: str
    output_file_id: str | None = None
    error_file_id: str | None = None
    problem: str | None = None
    is_too_much: bool = False
    most_tokens: int | None = None


class BatchProvider(Protocol):
    """The Batch API behind one Rater. Belongs to one event loop; close it there.

    Every call may raise TransientError (nothing is known of what it did) or PermanentError (it did nothing).
    """

    def line(self, cell: Cell) -> bytes:
        """The request of a Cell as a line of a batch file; its `custom_id` is the Cell's hash."""
        ...

    def reply(self, cell: Cell, line: Json) -> Reply:
        """What a line of an output or error file says of a Cell; raises as `Provider.ask` does."""
        ...

    async def check(self) -> None:
        """See that the endpoint has a Batch API that this key may use."""
        ...

    async def upload(self, path: Path) -> str:
        """Send a batch file; returns the provider's name for it. What is uploaded and not used costs nothing."""
        ...

    async def create(self, file_id: str, name: str) -> RemoteBatch:
        """Order a batch of an uploaded file, under a name of ours."""
        ...

    async def find(self, file_id: str) -> RemoteBatch | None:
        """The batch that was made of an uploaded file; None where there is none."""
        ...

    async def retrieve(self, batch_id: str) -> RemoteBatch:
        """How a batch stands."""
        ...

    async def cancel(self, batch_id: str) -> RemoteBatch:
        """Ask for a batch to end; what is answered by then is answered."""
        ...

    async def download(self, file_id: str, path: Path) -> None:
        """Fetch a file of the provider's whole, or leave nothing at `path`."""
        ...

    async def aclose(self) -> None:
        """Give the connections back."""
        ...


def write_requests(path: Path, provider: BatchProvider, cells: Iterable[Cell]) -> None:
    """A batch file: one line a Cell."""
    with path.open("wb") as file:
        for cell in cells:
            file.write(provider.line(cell) + b"\n")
