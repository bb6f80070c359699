"""The registry of AI tools and reports: dated, with an address, and what of O*NET each touches."""

from enum import StrEnum

from pydantic import Field

from scorer.domain.base import Frozen, sha256_json


class EvidenceKind(StrEnum):
    """A tool that can be had, or a report that says something about tools."""

    TOOL = "tool"
    REPORT = "report"


class EvidenceEntry(Frozen):
    """One entry.

    Attributes:
        entry_id: how sentences refer to it, after `evidence:`.
        name: as its makers write it; `other_names`: what else it is called.
        publisher: who made it.
        address: of the announcement or the report.
        dated: day (or month) of the announcement or report.
        activities: work activities of O*NET that it touches, by element id or the beginning of one: `4.A.2.a.4` takes
            in every detailed activity below it.
        technologies: names of technologies as O*NET prints them.
        says: what it is, in a sentence that profiles may rest on.
        registry: the registry it came with.
    """

    entry_id: str = Field(pattern=r"^[a-z0-9][a-z0-9.-]{0,60}$")
    kind: EvidenceKind
    name: str = Field(min_length=2, max_length=200)
    other_names: tuple[str, ...] = ()
    publisher: str = Field(min_length=1, max_length=200)
    address: str = Field(pattern=r"^https://[^\s<>\"']+$", max_length=500)
    dated: str = Field(pattern=r"^(19|20)\d\d-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?$")
    activities: tuple[str, ...] = ()
    technologies: tuple[str, ...] = ()
    says: str = Field(min_length=1, max_length=400)
    registry: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """Every name it goes by."""
        return self.name, *self.other_names

    @property
    def content_sha256(self) -> str:
        """Identity of what it says, whichever registry it came with."""
        return sha256_json(self.model_dump(mode="json", exclude={"registry"}))
