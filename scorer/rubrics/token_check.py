"""Whether a model's answers to a rubric can be read at one token, and how much probability they hold."""

from typing import NamedTuple

from scorer.domain.rating import AnswerMode, Reply
from scorer.domain.rubric import Rubric
from scorer.rubrics.token_answers import Spread, read_category_tokens, read_token_answer

SHARED = 0.01
"""Share of what was read that may lie on beginnings which several answers share."""


class TokenCheck(NamedTuple):
    """What one reply showed.

    Attributes:
        one_token: whether the legal answers part at the first token of the answer: no more than a hundredth of what
            was read begins several of them (`E` before 0, 1 and 2).
        mass: probability that the legal answers hold together, 0 to 1.
    """

    one_token: bool
    mass: float


def check_tokens(rubric: Rubric, reply: Reply, mode: AnswerMode) -> TokenCheck | None:
    """Look at the log-probabilities of a reply; None where it has none at the category."""
    whole = _read(rubric, reply, mode, len(reply.tokens))
    if whole is None:
        return None
    begun = (_read(rubric, reply, mode, n) for n in range(1, len(reply.tokens) + 1))
    first = next((one for one in begun if one and one.mass + one.unread > 0), whole)
    return TokenCheck(first.unread <= SHARED * (first.mass + first.unread), whole.mass)


def _read(rubric: Rubric, reply: Reply, mode: AnswerMode, n: int) -> Spread | None:
    """What the first `n` tokens say."""
    tokens = reply.tokens[:n]
    if not any(step.top for step in tokens):
        return None
    if mode is AnswerMode.JSON:
        return read_category_tokens(rubric, tokens)
    return read_token_answer(rubric, tokens, finished=n == len(reply.tokens) and reply.finish_reason == "stop")
