"""A JSON answer becomes a Status; a number only where a legal category was given."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scorer.domain.rating import AnswerMode, Reply, Status, TokenLogprobs
from scorer.rubrics import answer_schema, available, parse_rubric, read_answer, reading_schema

JSON = AnswerMode.JSON


def test_a_complete_answer_is_rated(coverage, reply, full):
    """Category, its number, and everything that was asked beside it arrive; confidence is a share."""
    answer = read_answer(coverage, reply(full()), JSON)
    assert (answer.status, answer.category, answer.score) == (Status.RATED, "25", 25.0)
    assert (answer.confidence, answer.evidence, answer.rationale) == (0.8, "plausible", "Staves are bent by hand.")
    assert answer.blockers == {
        "physical": True,
        "in_person": False,
        "sign_off": False,
        "private_access": False,
        "cost_of_error": False,
    }
    assert (answer.problem, answer.score_expected, answer.probability_mass) == (None, None, None)


def test_exposure_is_scored_by_its_primary_measure(exposure, reply):
    """E2 counts one half in beta."""
    text = json.dumps({"evidence": "measured", "rationale": "", "category": "E2", "confidence": 0})
    assert read_answer(exposure, reply(text), JSON).score == 0.5


@pytest.mark.parametrize("key", answer_schema(available()[0])["required"])
def test_a_missing_key_is_never_a_default(coverage, reply, full, key):
    """Whichever key is missing, the answer is unparsable, names the key, and has no score: not 50, not 0."""
    answer = read_answer(coverage, reply(full(**{key: None})), JSON)
    assert answer.status is Status.UNPARSABLE
    assert answer.problem == f"keys are missing: {key}"
    assert (answer.score, answer.category) == (None, None)


@pytest.mark.parametrize("given_category", ["50", 50, 50.0, "50.0", " 50 ", "50.00"])
def test_a_number_is_the_same_category_as_its_text(coverage, reply, full, given_category):
    """50, 50.0 and "50" are one answer."""
    answer = read_answer(coverage, reply(full(category=given_category)), JSON)
    assert (answer.status, answer.category, answer.score) == (Status.RATED, "50", 50.0)


@pytest.mark.parametrize("given_category", ["E1", "e1", " E1"])
def test_case_and_space_do_not_matter(exposure, reply, given_category):
    """A category is recognised in either case."""
    text = json.dumps({"evidence": "none", "rationale": "r", "category": given_category, "confidence": 5})
    assert read_answer(exposure, reply(text), JSON).category == "E1"


@pytest.mark.parametrize(
    "given_category",
    ["40", 40, 0.5, -25, 250, "25-50", "2_5", "about 50", "T2", "", "nan", 1e308, 10**300, "\u0665\u0660"],
)
def test_a_category_off_the_scale_is_a_status_of_its_own(coverage, reply, full, given_category):
    """What is not on the scale is never moved onto it; the reasons that came with it are kept."""
    answer = read_answer(coverage, reply(full(category=given_category)), JSON)
    assert answer.status is Status.OFF_SCALE
    assert (answer.category, answer.score) == (None, None)
    assert answer.rationale == "Staves are bent by hand."
    assert answer.problem.startswith("not on the scale: `")


def test_a_problem_is_short_and_printable(coverage, reply, full):
    """What a model said is cut and cleaned before it stands in a message."""
    answer = read_answer(coverage, reply(full(category="9\x1b[2J\n" + "9" * 5_000)), JSON)
    assert answer.problem.isprintable()
    assert len(answer.problem) < 100


@pytest.mark.parametrize("spelling", ["cannot_judge", "Cannot judge", "CANNOT_JUDGE"])
def test_cannot_judge_is_a_legal_answer(coverage, reply, full, spelling):
    """It is a Status with reasons and without a number."""
    answer = read_answer(coverage, reply(full(category=spelling)), JSON)
    assert answer.status is Status.CANNOT_JUDGE
    assert (answer.score, answer.category, answer.confidence) == (None, None, 0.8)


def test_cannot_judge_is_off_the_scale_where_it_was_not_offered(small, reply):
    """A rubric may leave it out; then it is no answer."""
    rubric = parse_rubric(small.replace("cannot_judge = true", "cannot_judge = false").encode(), "ease.md")
    answer = read_answer(rubric, reply('{"rationale": "", "category": "cannot_judge"}'), JSON)
    assert answer.status is Status.OFF_SCALE


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"confidence": 0.8}, "`confidence`"),
        ({"confidence": 101}, "`confidence`"),
        ({"confidence": -1}, "`confidence`"),
        ({"confidence": True}, "`confidence`"),
        ({"confidence": "high"}, "`confidence`"),
        ({"confidence": 10**400}, "`confidence`"),
        ({"evidence": "some"}, "`evidence`"),
        ({"rationale": ["a"]}, "`rationale`"),
        ({"blocker_physical": "perhaps"}, "blocker_physical"),
        ({"blocker_physical": {"value": True}}, "blocker_physical"),
        ({"category": ["25"]}, "`category`"),
        ({"category": {"value": 25}}, "`category`"),
        ({"category": True}, "`category`"),
    ],
)
def test_a_value_of_the_wrong_kind_is_unparsable(coverage, reply, full, changes, words):
    """Nothing is guessed from a value that is not what was asked for, and the key is named."""
    answer = read_answer(coverage, reply(full(**changes)), JSON)
    assert answer.status is Status.UNPARSABLE
    assert words in answer.problem
    assert answer.score is None


@pytest.mark.parametrize("given_confidence", [80, 80.0, "80", "80%"])
def test_confidence_is_stored_from_0_to_1(coverage, reply, full, given_confidence):
    """Raters give 0 to 100; the column is a share."""
    assert read_answer(coverage, reply(full(confidence=given_confidence)), JSON).confidence == 0.8


@pytest.mark.parametrize(
    "dress",
    ["```json\n{}\n```", "```\n{}\n```", "Here it is:\n\n{}\n\nAsk me more.", "A set {{x}} first: {}", "\ufeff{}"],
)
def test_one_object_within_prose_is_read(coverage, reply, full, dress):
    """Code fences and prose around a single object are passed over."""
    text = dress.replace("{{x}}", "{ x }").replace("{}", full())
    assert read_answer(coverage, reply(text), JSON).category == "25"


@pytest.mark.parametrize("second", ["25", "75"])
def test_two_objects_are_no_answer(coverage, reply, full, second):
    """Which of two was meant is not guessed, even where they agree."""
    answer = read_answer(coverage, reply(full() + "\n" + full(category=second)), JSON)
    assert (answer.status, answer.score) == (Status.UNPARSABLE, None)
    assert "more than one" in answer.problem


def test_a_key_given_twice_is_no_answer(coverage, reply, full):
    """The last of two categories does not win in silence."""
    text = full().replace('"category": "25"', '"category": "75", "category": "25"')
    assert read_answer(coverage, reply(text), JSON).status is Status.UNPARSABLE


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"text": "no"}, Status.UNPARSABLE),
        ({"text": None}, Status.UNPARSABLE),
        ({"text": "  \n"}, Status.UNPARSABLE),
        ({"text": "50"}, Status.UNPARSABLE),
        ({"text": "I'd say it is 50."}, Status.UNPARSABLE),
        ({"text": '{"evidence": "plaus', "finish_reason": "length"}, Status.TRUNCATED),
        ({"text": "", "finish_reason": "length"}, Status.TRUNCATED),
        ({"text": '{"evidence": "plaus'}, Status.UNPARSABLE),
        ({"text": None, "refusal": "I can't help with that."}, Status.REFUSED),
        ({"text": None, "finish_reason": "content_filter"}, Status.REFUSED),
        ({"text": '{"category": "25"', "finish_reason": "content_filter"}, Status.REFUSED),
    ],
)
def test_every_failure_has_its_status_and_reason(coverage, reply, more, status):
    """Refused, truncated and unparsable are told apart, each with a reason and no number."""
    answer = read_answer(coverage, reply(**more), JSON)
    assert answer.status is status
    assert answer.problem
    assert (answer.score, answer.category) == (None, None)


def test_a_complete_answer_at_the_token_limit_is_accepted(coverage, reply, full):
    """Being cut after the closing brace loses nothing."""
    assert read_answer(coverage, reply(full(), finish_reason="length"), JSON).status is Status.RATED


def test_a_long_rationale_is_kept(coverage, reply, full):
    """More than sixty words is no error; an endless text is cut."""
    wordy = " ".join(["word"] * 200)
    assert read_answer(coverage, reply(full(rationale=wordy)), JSON).rationale == wordy
    endless = read_answer(coverage, reply(full(rationale="x" * 100_000)), JSON)
    assert endless.status is Status.RATED
    assert len(endless.rationale) == 4_000


def test_a_rationale_can_always_be_stored(coverage, reply, full):
    """Lone surrogates and control characters, which JSON can smuggle in, do not reach the store."""
    text = full(rationale="A").replace('"A"', '"A\\ud800\\u0000B"')
    assert read_answer(coverage, reply(text), JSON).rationale.encode() == "A\ufffd B".encode()


def as_tokens(text, top):
    """One token a character, but for the category value, which carries alternatives."""
    return tuple(TokenLogprobs(token=c, top={c: 0.0}) for c in text[: text.index("@")]) + top


@pytest.mark.parametrize("opening", ['"', ' "', " "])
def test_log_probabilities_are_read_at_the_category(coverage, reply, full, tokens, opening):
    """The expected score weighs the alternatives where the category stands, not where its digits stand elsewhere."""
    text = full(rationale='About 75 percent, "category" 0.').replace('"category": "25"', f'"category":{opening}@')
    steps = as_tokens(text, tokens(("25", {"25": 0.5, "50": 0.25, "7": 0.05, "}": 0.2}), ('"', {'"': 1.0})))
    answer = read_answer(coverage, reply(full(), tokens=steps), JSON)
    assert answer.category == "25"
    assert answer.probability_mass == pytest.approx(0.8)
    assert answer.score_expected == pytest.approx((25 * 0.5 + 50 * 0.25 + 75 * 0.05) / 0.8)


def test_a_token_that_holds_the_opening_quote_is_read_behind_it(coverage, reply, full, tokens):
    """Where one token closes the key and opens the value, its alternatives are compared behind the same opening."""
    text = full()[: full().index('"category": "25"') + len('"category')]
    steps = tokens((text, {text: 1.0}), ('":"1', {'":"1': 0.7, '":"0': 0.2, '",': 0.1}), ("00", {"00": 1.0}))
    answer = read_answer(coverage, reply(full(category="100"), tokens=steps), JSON)
    assert answer.score_expected == pytest.approx(70.0 / 0.9)
    assert answer.probability_mass == pytest.approx(0.9)


def test_a_forced_quotation_mark_takes_no_probability(coverage, reply, full, tokens):
    """A schema may force the mark that opens the value; how likely the model found it says nothing on the category."""
    text = full().replace('"category": "25"', '"category": @')
    steps = as_tokens(text, tokens(('"', {'"': 0.01, "25": 0.9}), ("25", {"25": 0.5, "0": 0.5}), ('"', {'"': 1.0})))
    answer = read_answer(coverage, reply(full(), tokens=steps), JSON)
    assert (answer.score_expected, answer.probability_mass) == (pytest.approx(12.5), pytest.approx(1.0))


def test_without_the_category_in_the_tokens_there_is_no_expected_score(coverage, reply, full, tokens):
    """Log-probabilities that cannot be placed give no number, and the category stands."""
    answer = read_answer(coverage, reply(full(), tokens=tokens(("x", {"x": 1.0}))), JSON)
    assert (answer.status, answer.score_expected, answer.probability_mass) == (Status.RATED, None, None)


def test_a_bomb_of_brackets_is_only_unparsable(coverage, reply):
    """Deep nesting and long runs of braces end as a Status, in no time."""
    for text in (
        "[" * 100_000,
        '{"a":' * 50_000,
        "{" * 100_000,
        '{"a":[' * 20_000,
        '{"category": ' + "9" * 10_000 + "}",
    ):
        assert read_answer(coverage, reply(text), JSON).status is Status.UNPARSABLE


LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters())
ODD_VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=5)
ODD_ANSWERS = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(answer_schema(available()[0])["required"], ODD_VALUES) | {"x": ODD_VALUES}
).map(json.dumps)
TEXTS = st.none() | st.text(st.characters()) | ODD_ANSWERS | ODD_ANSWERS.map(lambda text: text[:-3])
STEPS = st.lists(
    st.builds(
        TokenLogprobs,
        token=st.sampled_from(["", " ", "E", "0", "1", "25", '"category":', "X"]) | st.text(st.characters()),
        top=st.dictionaries(
            st.sampled_from(["", " ", "E", "E0", "0", "10", "X", "cannot", "Yes", "no"]) | st.text(), st.floats()
        ),
    ),
    max_size=4,
).map(tuple)


@settings(deadline=None)
@given(
    asked=st.sampled_from([(r, m) for r in available() for m in AnswerMode if r.probes or m is not AnswerMode.PROBES]),
    text=TEXTS,
    tokens=STEPS,
    finish_reason=st.sampled_from([None, "stop", "length", "tool_calls"]),
)
def test_no_reply_whatever_raises_or_invents_a_number(asked, text, tokens, finish_reason):
    """Any text and any log-probabilities give a Status; a score stands exactly where the Status is `rated`."""
    rubric, mode = asked
    reply = Reply(body="", sent={}, text=text, tokens=tokens, finish_reason=finish_reason)
    schema = None
    if mode is AnswerMode.PROBES:
        reply = Reply.of_probes(dict.fromkeys([probe.name for probe in rubric.probes], reply))
        schema = reading_schema(rubric, (), range(len(rubric.categories) - 1))
    answer = read_answer(rubric, reply, mode, schema)
    assert (answer.status is Status.RATED) == (answer.score is not None) == (answer.category in rubric.values)
    assert (answer.status in {Status.RATED, Status.CANNOT_JUDGE}) == (answer.problem is None)
    assert answer.probability_mass is None or 0 <= answer.probability_mass <= 1
    numbers = [category.number for category in rubric.categories]
    assert answer.score_expected is None or min(numbers) <= answer.score_expected <= max(numbers)
    answer.model_dump_json().encode()
