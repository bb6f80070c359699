"""Profiles after the checker: every going-through is kept, refused sentences and their reasons too."""

from collections.abc import Iterable, Sequence

from scorer.domain.profile import CheckedSentence, Profile
from scorer.store.connection import StoreFile
from scorer.store.sql import append, models, rows, transaction

_SENTENCES = """
SELECT s.* EXCLUDE (check_id) FROM profile_sentence s JOIN profile_current p USING (check_id)
WHERE p.profile_id = ? ORDER BY s.place
"""
_SHOWN = """
SELECT p.occupation_code, s.question, s.sentence FROM profile_sentence s JOIN profile_current p USING (check_id)
WHERE s.is_shown AND p.rater = ?
"""


class ProfileTables:
    """The tables `profile` and `profile_sentence`."""

    def __init__(self, file: StoreFile) -> None:
        self._file = file

    def add(self, checked: Iterable[tuple[Profile, Sequence[CheckedSentence]]]) -> None:
        """Keep profiles with their sentences; each is the current one of its occupation, rater and prompt."""
        found = list(checked)
        with self._file.session() as con, transaction(con):
            append(con, "profile", [profile.model_dump(mode="python") for profile, _ in found])
            own = [{"check_id": profile.check_id, **dict(one)} for profile, said in found for one in said]
            append(con, "profile_sentence", own)

    def current(self, occupation_code: str | None = None) -> list[Profile]:
        """The current profiles, of one occupation or of all."""
        query = "SELECT * FROM profile_current WHERE occupation_code = coalesce(?, occupation_code) ORDER BY ALL"
        with self._file.session() as con:
            found = rows(con, query.replace("ORDER BY ALL", "ORDER BY occupation_code, rater"), [occupation_code])
        return models(Profile, found)

    def sentences(self, profile_id: str) -> list[CheckedSentence]:
        """The sentences of a profile as last checked, refused ones too."""
        with self._file.session() as con:
            return models(CheckedSentence, rows(con, _SENTENCES, [profile_id]))

    def shown(self, rater: str) -> list[tuple[str, str]]:
        """What a rater's current profiles show: occupation code, and question with sentence."""
        with self._file.session() as con:
            found = con.execute(_SHOWN, [rater]).fetchall()
        return [(code, f"{question or ''} {sentence}") for code, question, sentence in found]
