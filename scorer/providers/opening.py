"""From a Rater to a Provider: the key is read from the environment here, once, and nowhere else."""

import os
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scorer.domain.rating import AnswerMode, Rater
from scorer.errors import ConfigurationError
from scorer.providers.batches import BatchProvider
from scorer.providers.probes import Lift, ProbeProvider
from scorer.providers.provider import OPENAI_URL, Endpoint, Provider

if TYPE_CHECKING:
    import httpx2

NO_KEY_NEEDED = "none"
OPENAI_KEY = "OPENAI_API_KEY"


def open_provider(
    rater: Rater,
    http_client: "httpx2.AsyncClient | None" = None,
    endpoint: Endpoint | None = None,
) -> Provider:
    """The provider that asks a Rater.

    Args:
        rater: of provider `openai` or `embedded`.
        http_client: the transport to use instead of our own; stays the caller's to close.
        endpoint: where to ask instead of the Rater's own address: that of the `EmbeddedServer` of an embedded Rater.

    Raises:
        ConfigurationError: no key in the environment, no usable address, or a Rater that nobody can ask.
    """
    from scorer.providers.chat import OpenAIProvider  # noqa: PLC0415 - the SDK takes a second to import: not for `--help`

    single = OpenAIProvider(rater, endpoint or endpoint_of(rater), http_client)
    if rater.answer is not AnswerMode.PROBES:
        return single
    return ProbeProvider(single, Lift() if rater.is_embedded else None)


def open_batches(rater: Rater, http_client: "httpx2.AsyncClient | None" = None) -> BatchProvider:
    """The Batch API behind a Rater.

    Args:
        rater: of provider `openai`, asked one request a Cell: see `why_no_batches`.
        http_client: as above.

    Raises:
        ConfigurationError: no key in the environment, no usable address, or a Rater that no batch can ask.
    """
    from scorer.providers.batch_chat import OpenAIBatches  # noqa: PLC0415 - as above

    if reason := why_no_batches(rater):
        raise ConfigurationError(reason)
    return OpenAIBatches(rater, endpoint_of(rater), http_client)


def why_no_batches(rater: Rater) -> str | None:
    """Why a Rater cannot be asked in batches, and what to do; None where nothing speaks against it."""
    if rater.is_embedded:
        return f"rater `{rater.name}` runs on this machine, which has no Batch API; use --engine local"
    if rater.answer is AnswerMode.PROBES:
        return f"rater `{rater.name}` answers by probes, which batches do not ask; use --engine local"
    return None


def endpoint_of(rater: Rater) -> Endpoint:
    """Address and key of a Rater, from its settings and the environment.

    OpenAI's own endpoint always needs a key (`OPENAI_API_KEY` where none is named); another address without
    `api_key_env` is taken for self-hosted and gets a word that stands for no key.
    """
    if rater.provider != "openai":
        needs = "a running EmbeddedServer" if rater.is_embedded else "no provider: its ratings are imported"
        raise ConfigurationError(f"rater `{rater.name}` has no endpoint of its own; it needs {needs}")
    base_url = _checked_url(rater)
    key_name = rater.api_key_env or (OPENAI_KEY if Endpoint(base_url, "").is_openai else None)
    key = _key(rater, key_name) if key_name else NO_KEY_NEEDED
    return Endpoint(base_url, key, key_name)


def _checked_url(rater: Rater) -> str:
    base_url = rater.base_url or OPENAI_URL
    try:
        address = urlsplit(base_url)
        usable = address.scheme in {"http", "https"} and bool(address.hostname) and address.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise ConfigurationError(
            f"scorer.toml [raters.{rater.name}]: `base_url` is no address; write it like https://host/v1"
        )
    return base_url


def _key(rater: Rater, name: str) -> str:
    key = os.environ.get(name, "").strip()
    if not key:
        raise ConfigurationError(
            f"rater `{rater.name}` needs a key: set the environment variable {name}, or name another in `api_key_env`"
        )
    if not (key.isascii() and key.isprintable()):
        raise ConfigurationError(
            f"rater `{rater.name}`: {name} holds characters that no key has; was it copied whole, without line breaks?"
        )
    return key
