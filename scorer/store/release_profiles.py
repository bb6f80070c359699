"""Profiles as a release has them: what pages show, the same on all of them."""

from typing import NamedTuple

from scorer.domain.profile import Section
from scorer.store.release_reader import ReleaseReader
from scorer.store.sql import Row

_PROFILES = """
SELECT * EXCLUDE (raw) FROM profile WHERE occupation_code = $code AND n_sentences > n_refused
ORDER BY method = 'written' DESC, created_at DESC, rater
"""
_SENTENCES = "SELECT * FROM profile_sentence WHERE occupation_code = $code ORDER BY rater, prompt, place"


class ShownProfile(NamedTuple):
    """A profile: its row, and its sentences by section, in the order of sections; those without any are left out."""

    row: Row
    sections: dict[str, list[Row]]


def shown_profiles(release: ReleaseReader, code: str) -> list[ShownProfile]:
    """The profiles of an occupation that have a sentence, written ones first; none in a release without the tables."""
    if ("profile_sentence", None) not in release.columns():
        return []
    known = {"code": code}
    found = release.rows(_PROFILES, known)
    said = release.rows(_SENTENCES, known) if found else []
    return [ShownProfile(row, _sections(row, said)) for row in found]


def evidence_addresses(release: ReleaseReader) -> dict[str, str]:
    """Address of each entry of the registry, by its id."""
    if ("evidence_entry", None) not in release.columns():
        return {}
    return {row["entry_id"]: row["address"] for row in release.rows("SELECT entry_id, address FROM evidence_entry")}


def _sections(row: Row, said: list[Row]) -> dict[str, list[Row]]:
    own = [one for one in said if (one["rater"], one["prompt"]) == (row["rater"], row["prompt"])]
    parts = {section.value: [one for one in own if one["section"] == section] for section in Section}
    return {section: part for section, part in parts.items() if part}
