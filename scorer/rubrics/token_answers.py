"""Log-probabilities read as a distribution over the legal answers of a rubric.

Read where the legal answers part: tokens are followed along the text that was generated; at each step an alternative
counts for the one legal answer that it begins, or that begins it, since `E0`, `25` or `100` are no single tokens in
every vocabulary. Alternatives that could still become several answers are counted as unread. The generated text is
followed to its end only to see that it is the answer it began: `1` counts for 100 with the probability of `1`, unless
the text went on to something else.

In token mode `cannot_judge` is answered with the letters that all categories begin with and an X (`EX` for E0, E1, E2;
`X` for 0 to 100), so that it parts from them at the same token.

Source: probability-weighted scores, Liu et al. (2023), G-Eval, section 2.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from scorer.domain.rating import TokenLogprobs
from scorer.domain.rubric import CANNOT_JUDGE, Rubric

MASS_FLOOR = 0.1
"""Share of the probability that the legal answers must hold: below a tenth the model is saying something else."""

SHARE_FLOOR = 1e-6
Spellings = Mapping[str, tuple[str, ...]]
_DRESS = " \t\r\n\"'`*"
_LETTERS = re.compile(r"[A-Za-z]*")
_CONTINUED = re.compile(r"_*[.,/\u2013-]?_*\d|[^\W_]")
_CATEGORY_KEY = re.compile(r'(?<!\\)"category"\s*:\s*')


@dataclass(frozen=True)
class Spread:
    """Probabilities of the legal answers before renormalising.

    Attributes:
        shares: legal answer -> probability; `cannot_judge` among them where it is legal.
        unread: probability of beginnings that several answers share and that were not generated further.
    """

    shares: dict[str, float]
    unread: float

    @property
    def mass(self) -> float:
        """Probability that the legal answers hold together, 0 to 1."""
        return min(1.0, sum(self.shares.values()))

    @property
    def is_readable(self) -> bool:
        """Whether the legal answers hold enough, and more than what could not be told apart."""
        return self.mass >= MASS_FLOOR and self.mass > self.unread

    def expected(self, rubric: Rubric) -> float | None:
        """Probability-weighted number over the categories (`cannot_judge` left out); None where they hold nothing."""
        held = {value: self.shares[value] for value in rubric.values}
        whole = sum(held.values())
        if not whole:
            return None
        numbers = {value: rubric.number(value) for value in held}
        mean = sum(share * numbers[value] for value, share in held.items()) / whole
        return min(max(mean, min(numbers.values())), max(numbers.values()))  # rounding never leaves the scale

    def readings(self, rubric: Rubric) -> dict[str, float] | None:
        """Log-probability of each category, renormalised over the categories; None where they hold nothing.

        A share below `SHARE_FLOOR` counts as that much: what was not reported is rare, not impossible.
        """
        held = {value: self.shares[value] for value in rubric.values}
        whole = sum(held.values())
        return {value: math.log(max(share / whole, SHARE_FLOOR)) for value, share in held.items()} if whole else None

    @property
    def likeliest(self) -> str:
        """The legal answer with the most probability; of equals, the first in the order of the file."""
        return max(self.shares, key=lambda answer: self.shares[answer])


def token_cannot_judge(rubric: Rubric) -> str:
    """How a rater says `cannot_judge` in token mode."""
    return _stem(rubric.values) + "X"


def read_token_answer(rubric: Rubric, tokens: Sequence[TokenLogprobs], *, finished: bool) -> Spread:
    """The distribution over the legal answers of an answer in token mode.

    Args:
        rubric: what was asked.
        tokens: all generated tokens, in order.
        finished: whether the model ended its answer itself (`stop`), so that `10` is no beginning of `100` any more.
    """
    return _spread(tokens, _token_spellings(rubric), finished=finished)


def read_category_tokens(rubric: Rubric, tokens: Sequence[TokenLogprobs]) -> Spread | None:
    """The distribution over the legal categories inside a JSON answer; None where its category is not in the tokens."""
    text = "".join(step.token for step in tokens)
    found = list(_CATEGORY_KEY.finditer(text))
    if not found:
        return None
    start, offset = found[-1].end(), 0
    for index, step in enumerate(tokens):
        if offset + len(step.token) > start:
            head = step.token[: start - offset]
            return _spread(tokens[index:], _json_spellings(rubric), finished=False, head=head)
        offset += len(step.token)
    return None


def _spread(tokens: Sequence[TokenLogprobs], spellings: Spellings, *, finished: bool, head: str = "") -> Spread:
    """Follow the generated text; `head` is what of the first token stands before the answer.

    Space and quotation marks before the answer are taken as given: a schema may have forced them.
    """
    walk = _Walk(spellings)
    for index, step in enumerate(tokens):
        if walk.reached or _plain(step.token.removeprefix(head)):
            walk.take(step, head)
            if walk.is_over:
                rest = "".join(later.token for later in tokens[index + 1 :])
                return walk.settled(rest)
        head = ""
    return walk.stopped(finished=finished)


class _Walk:
    """The way along the generated tokens, with what was met beside it."""

    def __init__(self, spellings: Spellings) -> None:
        self._spellings = spellings
        self._shares = dict.fromkeys(spellings, 0.0)
        self._unread = 0.0
        self._path = 1.0  # probability of what was generated until the answers parted
        self._answers = list(spellings)  # what it can still become
        self.reached = ""

    def take(self, step: TokenLogprobs, head: str) -> None:
        """Count the alternatives of a token, then follow the one that was generated.

        Where the answers have parted already, nothing is counted any more: every branch is taken by its beginning, the
        generated one too, or it alone would pay for the tokens that complete it.
        """
        if len(self._answers) > 1:
            for text, logprob in step.top.items():
                if text not in (step.token, "") and text.startswith(head):
                    meant = _begun(self.reached + text.removeprefix(head), self._spellings)
                    self._count(meant, self._path * _probability(logprob))
            self._path *= _probability(step.top.get(step.token, -math.inf))
        self.reached += step.token.removeprefix(head)
        self._answers = _begun(self.reached, self._spellings)

    @property
    def is_over(self) -> bool:
        """Whether the text has become one answer, whole, or can become none."""
        return not self._answers or (len(self._answers) == 1 and self._is_whole(self.reached))

    def settled(self, rest: str) -> Spread:
        """The spread when the way is over: the answer counts if it is still whole with all that was said after it."""
        if self._answers and self._is_whole(self.reached + rest):
            self._count(self._answers, self._path)
        return Spread(self._shares, self._unread)

    def stopped(self, *, finished: bool) -> Spread:
        """The spread when the tokens ended first: a cut text counts for what it begins, a finished one if exact."""
        exact = [answer for answer in self._answers if _plain(self.reached) in self._spellings[answer]]
        if finished and (exact or len(self._answers) == 1):
            self._count(exact[:1], self._path)
        else:
            self._count(self._answers, self._path)
        return Spread(self._shares, self._unread)

    def _count(self, answers: Sequence[str], probability: float) -> None:
        if len(answers) == 1:
            self._shares[answers[0]] += probability
        elif answers:
            self._unread += probability

    def _is_whole(self, text: str) -> bool:
        plain = _plain(text)
        return any(plain.startswith(form) and _ends(plain, form) for form in self._spellings[self._answers[0]])


def _begun(text: str, spellings: Spellings) -> list[str]:
    """The legal answers that a text begins, or that begin it."""
    plain = _plain(text)
    return [
        answer
        for answer, forms in spellings.items()
        if any(form.startswith(plain) or (plain.startswith(form) and _ends(plain, form)) for form in forms)
    ]


def _ends(plain: str, form: str) -> bool:
    """Whether an answer ends where its form does: `50%` does, `500`, `50-75` and `0.5` (for 0) do not."""
    return not _CONTINUED.match(plain[len(form) :])


def _plain(text: str) -> str:
    return text.lstrip(_DRESS).casefold().replace(" ", "_")


def _probability(logprob: float) -> float:
    return 0.0 if math.isnan(logprob) else math.exp(min(logprob, 0.0))


def _stem(values: Sequence[str]) -> str:
    """The letters that all categories begin with, provided that each goes on after them."""
    shared = min(values, key=len)
    while not all(value.startswith(shared) for value in values):
        shared = shared[:-1]
    letters = _LETTERS.match(shared)
    stem = letters[0] if letters else ""
    return "" if stem in values else stem


@lru_cache(maxsize=64)
def _json_spellings(rubric: Rubric) -> Spellings:
    legal = (*rubric.values, *([CANNOT_JUDGE] if rubric.cannot_judge else []))
    return {answer: (answer.casefold(),) for answer in legal}


@lru_cache(maxsize=64)
def _token_spellings(rubric: Rubric) -> Spellings:
    """Each answer in full, what is left of it after the prefill, and both after a prefill that the model repeats."""
    stem = _stem(rubric.values)
    ends_in_stem = stem != "" and re.search(rf"(?:\A|\W){stem}\Z", rubric.prefill)
    lead = _plain(rubric.prefill.removesuffix(stem) if ends_in_stem else rubric.prefill)
    written: dict[str, tuple[str, ...]] = {value: (value.casefold(),) for value in rubric.values}
    if rubric.cannot_judge:
        written[CANNOT_JUDGE] = (token_cannot_judge(rubric).casefold(), CANNOT_JUDGE)
    spelled = {}
    for answer, forms in written.items():
        rests = [form.removeprefix(stem.casefold()) for form in forms[:1] if ends_in_stem]
        repeated = [lead + form for form in forms if lead]
        spelled[answer] = tuple(dict.fromkeys([*forms, *rests, *repeated]))
    return spelled
