"""Profiles of an occupation, by section, with the address of every registry entry that they name."""

from typing import NamedTuple

from scorer.domain.profile import Section
from scorer.domain.rating import Json
from scorer.store import ReleaseReader

TITLES = {
    Section.RISKS: "Tasks at risk",
    Section.AI_TODAY: "Where AI stands",
    Section.PEOPLE_REMAIN: "Where people remain",
    Section.TOOLS: "Tools driving change",
    Section.SKILLS: "Skills to build",
    Section.CHECKLIST: "Checklist",
    Section.FAQ: "Questions",
}
_PROFILES = """
SELECT * EXCLUDE (raw) FROM profile WHERE occupation_code = $code AND n_sentences > n_refused
ORDER BY method = 'written' DESC, created_at DESC, rater
"""
_SENTENCES = "SELECT * FROM profile_sentence WHERE occupation_code = $code ORDER BY rater, prompt, place"


class ShownProfile(NamedTuple):
    """A profile: its row, and its sentences under the title of each section that has any."""

    row: Json
    sections: list[tuple[str, list[Json]]]


def profiles_of(reader: ReleaseReader, tables: set[str], code: str) -> list[ShownProfile]:
    """What a release shows of an occupation, written ones first; nothing where it has no profiles."""
    if "profile_sentence" not in tables:
        return []
    known = {"code": code}
    said = reader.rows(_SENTENCES, known)
    return [ShownProfile(row, _sections(row, said)) for row in reader.rows(_PROFILES, known)]


def _sections(row: Json, said: list[Json]) -> list[tuple[str, list[Json]]]:
    own = [one for one in said if (one["rater"], one["prompt"]) == (row["rater"], row["prompt"])]
    parts = [(title, [one for one in own if one["section"] == section]) for section, title in TITLES.items()]
    return [(title, part) for title, part in parts if part]


def evidence_addresses(reader: ReleaseReader, tables: set[str]) -> dict[str, str]:
    """Address of each entry of the registry, by its id."""
    if "evidence_entry" not in tables:
        return {}
    return {row["entry_id"]: row["address"] for row in reader.rows("SELECT entry_id, address FROM evidence_entry")}
