"""Profiles of occupations: asked for on the road of ratings, then checked sentence by sentence."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from scorer.catalogue import select
from scorer.domain.base import sha256_json
from scorer.domain.catalogue import OnetRelease, Task, TaskKind
from scorer.domain.profile import (
    PROFILE,
    TEMPLATE_SUFFIX,
    CheckedSentence,
    Profile,
    ProfileMethod,
    Sentence,
)
from scorer.domain.rating import AnswerMode, Rater, Rating, Status
from scorer.domain.rubric import Rubric
from scorer.errors import AnswerError, CatalogueError, ConfigurationError
from scorer.grounding import ProductNames, plain
from scorer.profiles import CHECKER, TEMPLATE, Facts, check
from scorer.providers import stored_reply
from scorer.rating import EngineName, Progress
from scorer.rubrics import load_rubric, profile_prompt, read_sentences
from scorer.workflows.profiles.evidence import keep_shipped_evidence, known_evidence
from scorer.workflows.profiles.facts import Gathered
from scorer.workflows.rating.asked import Asked, Question, refuse_nothing
from scorer.workflows.rating.outlook import FREELY, Terms
from scorer.workflows.rating.rate import RunReport, rate_question
from scorer.workflows.rating.raters import chosen_raters
from scorer.workflows.workspace.bench import Bench

Observe = Callable[[Progress], None]
Checked = tuple[Profile, Sequence[CheckedSentence]]


class ProfilesReport(NamedTuple):
    """What became of profiles.

    Attributes:
        runs: of each group of raters, in the order of asking; none where they were only checked again.
        profiles: as they are now, those that were asked for or checked.
        refused: sentences by rater and reason.
    """

    runs: Sequence[RunReport]
    profiles: Sequence[Profile]
    refused: Counter[tuple[str, str]]

    @property
    def complete(self) -> bool:
        """Whether every profile that was asked for is here with a sentence that may be shown."""
        has_sentence = all(one.n_sentences > one.n_refused for one in self.profiles)
        return all(run.complete for run in self.runs) and has_sentence


def make_profiles(
    bench: Bench,
    asked: Asked,
    observe: Observe,
    terms: Terms = FREELY,
    engine: EngineName = EngineName.LOCAL,
) -> ProfilesReport:
    """Ask for the profiles of the occupations of a selection, as far as they are missing, and check them.

    Raters at an endpoint that answer in JSON write (the facts are longer than what an embedded one takes in); for all
    others a template is filled from their own scores (`NAME+template`), and so it is where nothing that a writer wrote
    may be shown.
    What changes the facts of an occupation (new scores, another release, an entry of the registry) makes its profile
    missing again.

    Raises:
        ScorerError: as `rate`.
    """
    refuse_nothing(asked)
    if asked.repeats > 1 or asked.variants > 1 or len(asked.rubrics) > 1:
        raise ConfigurationError(
            "a profile is asked for once, in one wording, from the scores on one rubric: "
            "leave out --repeats and --variants, and name one --rubric at most"
        )
    basis = load_rubric(asked.rubrics[0]).id if asked.rubrics else None
    raters = chosen_raters(bench, asked.raters)
    release = bench.store.catalogue.load(asked.onet_release)
    codes = list(dict.fromkeys(task.occupation_code for task in select(release, asked.selection)))
    if not codes:
        raise CatalogueError("the selection has no occupation with tasks")
    keep_shipped_evidence(bench)
    gathered, runs, checked = Gathered(bench, release, codes, basis), list[RunReport](), list[Checked]()

    def ask(writers: Sequence[Rater], facts: dict[str, Facts], engine: EngineName) -> list[Checked]:
        runs.append(rate_question(bench, _question(asked, release, writers, facts), observe, terms, engine))
        runs[-1].go_on()
        return _check_all(bench, release, [one.name for one in writers], facts)

    for writers, preferred in _groups(raters):
        facts = {code: gathered.facts(code, preferred) for code in codes}
        found = ask(writers, facts, EngineName.LOCAL if preferred else engine)
        checked += found
        for stand_in, empty in _stand_ins(writers, found, facts) if preferred is None else ():
            checked += ask([stand_in], empty, EngineName.LOCAL)
    return _report(runs, checked)


def check_profiles(bench: Bench) -> ProfilesReport:
    """Check every profile against what is stored now: scores may have moved, entries may have gone."""
    release = bench.store.catalogue.load()
    checked: list[Checked] = []
    by_rater: dict[str, list[str]] = {}
    for one in bench.store.profiles.current():
        by_rater.setdefault(one.rater, []).append(one.occupation_code)
    known = {one.occupation_code for one in release.occupations}
    for rater, codes in by_rater.items():
        here = [code for code in codes if code in known]
        gathered = Gathered(bench, release, here)
        preferred = rater.removesuffix(TEMPLATE_SUFFIX) if rater.endswith(TEMPLATE_SUFFIX) else None
        checked += _check_all(bench, release, [rater], {code: gathered.facts(code, preferred) for code in here})
    return _report((), checked)


def read_profiles(bench: Bench, code: str, *, refused: bool = False) -> list[Checked]:
    """The profiles of an occupation with the sentences that may be shown, and where asked those that may not."""
    found = bench.store.profiles.current(code)
    said = {one.profile_id: bench.store.profiles.sentences(one.profile_id) for one in found}
    return [(one, [s for s in said[one.profile_id] if s.is_shown or refused]) for one in found]


def _report(runs: Sequence[RunReport], checked: Iterable[Checked]) -> ProfilesReport:
    pairs = list(checked)
    refused = Counter((one.rater, said.reason) for one, sentences in pairs for said in sentences if said.reason)
    return ProfilesReport(runs, [one for one, _ in pairs], refused)


def template_of(rater: Rater) -> Rater:
    """The rater under whose name a template is filled from another's scores."""
    name = f"{rater.name}{TEMPLATE_SUFFIX}"
    return Rater(name=name, provider="template", model=TEMPLATE, params={"of": rater.name})


def _groups(raters: Sequence[Rater]) -> list[tuple[list[Rater], str | None]]:
    """Who is asked together, and whose scores they are shown first: writers the panel's, a template its rater's."""
    writers = [one for one in raters if one.answer is AnswerMode.JSON and not one.is_embedded]
    filled = [([template_of(one)], one.name) for one in raters if one not in writers]
    return [*([(writers, None)] if writers else []), *filled]


def _stand_ins(
    writers: Sequence[Rater], checked: Sequence[Checked], facts: Mapping[str, Facts]
) -> Iterator[tuple[Rater, dict[str, Facts]]]:
    """For each writer whose profiles of some occupations show nothing: its template, and the facts about these."""
    for writer in writers:
        own = [(one.occupation_code, said) for one, said in checked if one.rater == writer.name]
        empty = {code: facts[code] for code, said in own if not any(sentence.is_shown for sentence in said)}
        if empty:
            yield template_of(writer), empty


def _question(asked: Asked, release: OnetRelease, raters: Sequence[Rater], facts: dict[str, Facts]) -> Question:
    """One asking for each occupation; its facts stand where a task's statement stands."""
    sheets = [
        Task(task_id=code, occupation_code=code, statement=own.as_text, kind=TaskKind.UNCLASSIFIED)
        for code, own in facts.items()
    ]
    return Question(release, sheets, raters, [profile_prompt()], 1, 1, asked.occasion, asked.again)


def _check_all(bench: Bench, release: OnetRelease, raters: Sequence[str], facts: dict[str, Facts]) -> list[Checked]:
    products = ProductNames(name for one in known_evidence(bench) for name in one.names)
    prompt, now = profile_prompt(), datetime.now(UTC)
    found: list[Checked] = []
    for rater in raters:
        latest = _latest(bench, prompt, rater)
        said = _Said(bench.store.profiles.shown(rater))
        for code, own in facts.items():
            if code in latest:
                elsewhere = said.beside(code) if not _is_filled(latest[code]) else frozenset()
                found.append(_Checker(release.name, own, products, elsewhere, now).checked(latest[code]))
                said.add(code, found[-1][1])
    bench.store.profiles.add(found)
    return found


class _Said:
    """What one rater's profiles show, and in which occupations: the same words say nothing about several."""

    def __init__(self, shown: Iterable[tuple[str, str]]) -> None:
        self._codes: dict[str, set[str]] = {}
        for code, text in shown:
            self._codes.setdefault(plain(text), set()).add(code)

    def beside(self, code: str) -> frozenset[str]:
        """The texts that stand in another occupation's profile."""
        return frozenset(text for text, codes in self._codes.items() if codes - {code})

    def add(self, code: str, sentences: Iterable[CheckedSentence]) -> None:
        """Remember what an occupation's profile shows now."""
        for one in sentences:
            if one.is_shown:
                self._codes.setdefault(plain(f"{one.question or ''} {one.sentence}"), set()).add(code)


def _latest(bench: Bench, prompt: Rubric, rater: str) -> dict[str, Rating]:
    """The last usable profile of each occupation, else the last one, with what was sent and received."""
    chosen: dict[str, Rating] = {}
    for one in bench.store.ratings.latest(prompt.id, rater):
        before = chosen.get(one.task_id)
        if before is None or _weight(one) >= _weight(before):
            chosen[one.task_id] = one
    cells = {one.cell_hash for one in chosen.values()}
    return {one.task_id: one for one in bench.store.ratings.load(cells, rater)}


def _weight(rating: Rating) -> tuple[bool, datetime]:
    return rating.status is Status.RATED, rating.created_at


def _is_filled(rating: Rating) -> bool:
    return rating.rater.endswith(TEMPLATE_SUFFIX)


class _Checker(NamedTuple):
    """Checks profiles of one occupation."""

    onet_release: str
    facts: Facts
    products: ProductNames
    elsewhere: frozenset[str]
    now: datetime

    def checked(self, rating: Rating) -> Checked:
        """The profile with its sentences; none where nothing usable came back."""
        known = ProductNames([*self.products.names, *(one.name for one in self.facts.technologies)])
        sentences = check(_sentences(rating), self.facts, known, self.elsewhere)
        profile = Profile(
            check_id=sha256_json([rating.rating_id, self.now.isoformat()]),
            profile_id=rating.rating_id,
            occupation_code=rating.task_id,
            onet_release=self.onet_release,
            rater=rating.rater,
            model=rating.served_model,
            prompt=rating.rubric,
            prompt_sha256=rating.rubric_sha256,
            method=ProfileMethod.TEMPLATE if _is_filled(rating) else ProfileMethod.WRITTEN,
            status=rating.status,
            problem=rating.problem,
            scores_rubric=self.facts.scores.get("rubric"),
            scores_of=self.facts.scores.get("of"),
            scores_status=self.facts.scores.get("status"),
            facts_sha256=rating.statement_sha256,
            checker=CHECKER,
            n_sentences=len(sentences),
            n_refused=sum(not one.is_shown for one in sentences),
            written_at=rating.created_at,
            checked_at=self.now,
        )
        return profile, sentences


def _sentences(rating: Rating) -> tuple[Sentence, ...]:
    reply = stored_reply(rating.raw) if rating.status is Status.RATED else None
    try:
        return read_sentences(reply.text or "") if reply else ()
    except AnswerError:
        return ()


__all__ = ["PROFILE", "ProfilesReport", "check_profiles", "make_profiles", "template_of"]
