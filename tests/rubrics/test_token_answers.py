"""A category read by log-probabilities: where the legal answers part, by prefix, with the covered mass stated."""

import math

import pytest

from scorer.domain.rating import AnswerMode, Status, TokenLogprobs
from scorer.rubrics import MASS_FLOOR, parse_rubric, read_answer

TOKEN = AnswerMode.TOKEN


@pytest.fixture
def said(reply, tokens):
    """Makes a Reply whose text is certain, one token a character."""

    def make(text, **more):
        return reply(text, tokens=tokens(*((character, {character: 1.0}) for character in text)), **more)

    return make


def test_the_first_token_after_the_prefill_decides(exposure, reply, tokens):
    """After `Category: E` the digit is the answer; the expected score weighs E0 0, E1 1, E2 one half."""
    steps = tokens(("0", {"0": 0.5, "1": 0.2, "2": 0.2, "3": 0.05, "\n": 0.05}))
    answer = read_answer(exposure, reply("0", tokens=steps, finish_reason="length"), TOKEN)
    assert (answer.status, answer.category, answer.score) == (Status.RATED, "E0", 0.0)
    assert answer.probability_mass == pytest.approx(0.9)
    assert answer.score_expected == pytest.approx((0.2 * 1 + 0.2 * 0.5) / 0.9)


def test_the_likeliest_category_is_the_answer_even_where_another_was_sampled(exposure, reply, tokens):
    """The text is one draw; the distribution is the answer."""
    steps = tokens(("0", {"0": 0.3, "1": 0.4, "2": 0.3}))
    answer = read_answer(exposure, reply("0", tokens=steps), TOKEN)
    assert (answer.category, answer.score) == ("E1", 1.0)


@pytest.mark.parametrize(
    "steps",
    [
        [("E1", {"E1": 0.6, "E0": 0.4})],
        [("1", {"1": 0.6, "0": 0.4})],
        [("E", {"E": 1.0}), ("1", {"1": 0.6, "0": 0.4})],
        [(" E", {" E": 1.0}), ("1", {"1": 0.6, "0": 0.4})],
        [("\n", {"\n": 1.0}), ("E1", {"E1": 0.6, "E0": 0.4}), (" because", {" because": 1.0})],
        [("Category", {"Category": 1.0}), (": E", {": E": 1.0}), ("1", {"1": 0.6, "0": 0.4})],
        [("**", {"**": 1.0}), ("e1", {"e1": 0.6, "e0": 0.4}), ("**", {"**": 1.0})],
    ],
)
def test_the_same_answer_is_read_however_it_is_cut_into_tokens(exposure, reply, tokens, steps):
    """With the prefill continued, ignored or repeated, in one token or several, the numbers are the same."""
    answer = read_answer(exposure, reply("E1", tokens=tokens(*steps)), TOKEN)
    assert answer.category == "E1"
    assert answer.score_expected == pytest.approx(0.6)
    assert answer.probability_mass == pytest.approx(1.0)


def test_alternatives_of_one_answer_are_merged(coverage, reply, tokens):
    """` 25`, `25`, `2` and `25%` are one answer; `1`, `10` and `100` another."""
    top = {" 25": 0.1, "25": 0.1, "2": 0.1, "25%": 0.1, "1": 0.2, "10": 0.1, "100": 0.1, "30": 0.2}
    answer = read_answer(coverage, reply("25", tokens=tokens(("25", top))), TOKEN)
    assert answer.probability_mass == pytest.approx(0.8)
    assert answer.score_expected == pytest.approx(0.5 * 25 + 0.5 * 100)


def test_every_branch_is_taken_by_its_beginning(coverage, reply, tokens):
    """A generated `100` counts with the probability of its `1`, as `2` does for 25: completing it costs nothing."""
    steps = tokens(("1", {"1": 0.6, "2": 0.4}), ("0", {"0": 0.5, ".": 0.5}), ("0", {"0": 0.5, "%": 0.5}))
    answer = read_answer(coverage, reply("100", tokens=steps), TOKEN)
    assert (answer.category, answer.probability_mass) == ("100", pytest.approx(1.0))
    assert answer.score_expected == pytest.approx(0.6 * 100 + 0.4 * 25)


def test_a_beginning_that_went_on_to_something_else_counts_for_nothing(coverage, reply, tokens):
    """A generated `1.` is the number of a list, not 100."""
    steps = tokens(("1", {"1": 0.6, "25": 0.4}), (".", {".": 0.75, "0": 0.25}))
    answer = read_answer(coverage, reply("1.", tokens=steps, finish_reason="length"), TOKEN)
    assert (answer.category, answer.probability_mass) == ("25", pytest.approx(0.4))


def test_an_alternative_down_another_branch_is_counted_where_it_parts(exposure, reply, tokens):
    """`cannot` at the first token and the digits at the second share the probability as the model gave it."""
    steps = tokens((" E", {" E": 0.8, " cannot": 0.2}), ("2", {"2": 0.75, "0": 0.25}))
    answer = read_answer(exposure, reply("E2", tokens=steps), TOKEN)
    assert answer.probability_mass == pytest.approx(1.0)
    assert answer.score_expected == pytest.approx(0.75 * 0.5)


@pytest.mark.parametrize("token", ["X", "EX", " cannot", "cannot_judge"])
def test_cannot_judge_has_a_place_in_token_mode(exposure, reply, tokens, token):
    """Where it is the likeliest answer it is the Status; the covered mass counts it."""
    answer = read_answer(
        exposure, reply(token, tokens=tokens((token, {token: 0.6, "0": 0.3})), finish_reason="length"), TOKEN
    )
    assert (answer.status, answer.score, answer.score_expected) == (Status.CANNOT_JUDGE, None, None)
    assert answer.probability_mass == pytest.approx(0.9)


def test_cannot_judge_counts_in_the_mass_and_not_in_the_score(exposure, reply, tokens):
    """A fifth for cannot_judge leaves the expected score to the categories alone."""
    answer = read_answer(exposure, reply("1", tokens=tokens(("1", {"1": 0.6, "0": 0.2, "X": 0.2}))), TOKEN)
    assert answer.probability_mass == pytest.approx(1.0)
    assert answer.score_expected == pytest.approx(0.75)


def test_below_the_floor_there_is_no_answer(coverage, reply, tokens):
    """A model that says something else is unparsable, with the mass and the beginning of what it said."""
    low = MASS_FLOOR * 0.9
    steps = tokens(("The", {"The": 0.8, "25": low}))
    answer = read_answer(coverage, reply("The task", tokens=steps), TOKEN)
    assert (answer.status, answer.score) == (Status.UNPARSABLE, None)
    assert answer.probability_mass == pytest.approx(low)
    assert "`The task`" in answer.problem


@pytest.mark.parametrize("steps", [(), (TokenLogprobs.model_validate({"token": "25", "top": {}}),)])
def test_without_log_probabilities_there_is_no_answer(coverage, reply, steps):
    """Token mode is read by log-probabilities or not at all, and the reason says what to do."""
    answer = read_answer(coverage, reply("25", tokens=steps), TOKEN)
    assert answer.status is Status.UNPARSABLE
    assert 'answer = "json"' in answer.problem


def test_beginnings_that_never_parted_are_no_answer(exposure, reply, tokens):
    """An answer cut before its categories part is unparsable, though nine tenths of it are legal beginnings."""
    answer = read_answer(exposure, reply("E", tokens=tokens(("E", {"E": 0.9, "0": 0.1}))), TOKEN)
    assert answer.status is Status.UNPARSABLE
    assert "several answers share" in answer.problem


@pytest.mark.parametrize(
    ("text", "ended", "status"),
    [
        ("10", "length", Status.RATED),
        ("10", "stop", Status.UNPARSABLE),
        ("100", "stop", Status.RATED),
        ("500", "stop", Status.UNPARSABLE),
        ("50-75", "stop", Status.UNPARSABLE),
        ("0.5", "stop", Status.UNPARSABLE),
        ("-25", "stop", Status.UNPARSABLE),
        ("50.", "stop", Status.RATED),
        ("50 percent", "stop", Status.RATED),
    ],
)
def test_a_finished_text_off_the_scale_is_no_beginning(coverage, said, text, ended, status):
    """`10` cut short is a beginning of 100; finished, it is off the scale, like 500, a range, or a share of one."""
    assert read_answer(coverage, said(text, finish_reason=ended), TOKEN).status is status


@pytest.mark.parametrize(("text", "category"), [("1", "1"), ("10", "10")])
def test_a_value_that_begins_another_is_told_from_it(small, said, text, category):
    """On a scale with 1 and 10 the end of the text decides."""
    rubric = parse_rubric(small.replace('"H1"', '"1"').replace('"H2"', '"10"').encode(), "ease.md")
    assert read_answer(rubric, said(text), TOKEN).category == category


def test_impossible_log_probabilities_do_no_harm(coverage, reply):
    """NaN counts nothing, minus infinity is zero, and a positive one is at most certainty."""
    top = {"25": 5.0, "50": math.nan, "75": -math.inf}
    answer = read_answer(
        coverage, reply("25", tokens=(TokenLogprobs.model_validate({"token": "25", "top": top}),)), TOKEN
    )
    assert (answer.category, answer.score_expected, answer.probability_mass) == ("25", 25.0, 1.0)


def test_a_refusal_is_a_refusal_in_token_mode_too(coverage, reply, tokens):
    """Log-probabilities do not turn a refusal into a rating."""
    steps = tokens(("25", {"25": 1.0}))
    answer = read_answer(coverage, reply("25", tokens=steps, finish_reason="content_filter"), TOKEN)
    assert answer.status is Status.REFUSED
