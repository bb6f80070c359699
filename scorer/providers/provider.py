"""What a provider is to the rest of the scorer, and where it finds its endpoint."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlsplit

from scorer.domain.rating import Cell, Json, Reply

OPENAI_URL = "https://api.openai.com/v1"
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Provider(Protocol):
    """Asks one Rater. Belongs to one event loop; close it there."""

    async def ask(self, cell: Cell) -> Reply:
        """Send the Cell's messages and parameters once and give back what came.

        Raises:
            TransientError: worth another attempt; `RateLimitedError` where the endpoint asks us to wait first.
            PermanentError: no attempt will succeed.
        """
        ...

    async def about(self) -> Json:
        """What the endpoint says of the Rater's model beside its name; empty where it says nothing. Never raises."""
        ...

    async def aclose(self) -> None:
        """Give the connections back."""
        ...


@dataclass(frozen=True)
class Endpoint:
    """Where requests go and the key that opens it.

    Attributes:
        base_url: with the version: `https://host/v1`.
        api_key: never printed, stored or logged.
        key_name: the environment variable that the key came from, for messages; None where none is needed.
        epitaph: says why the server behind the endpoint is gone for good; None while it lives or where we cannot know.
    """

    base_url: str
    api_key: str = field(repr=False)
    key_name: str | None = None
    epitaph: Callable[[], str | None] = field(default=lambda: None, repr=False)

    @property
    def host(self) -> str:
        """Host and port, as messages may show them: no path, no credentials."""
        address = urlsplit(self.base_url)
        return f"{address.hostname}:{address.port}" if address.port else str(address.hostname)

    @property
    def is_local(self) -> bool:
        """Whether it is this machine: no proxy stands between."""
        return urlsplit(self.base_url).hostname in LOOPBACK

    @property
    def is_openai(self) -> bool:
        """Whether it is OpenAI's own endpoint, where model names without a date are aliases that drift."""
        return urlsplit(self.base_url).hostname == urlsplit(OPENAI_URL).hostname
