"""`scorer raters check` finds out before a run what a rater makes of a rubric."""

import asyncio
import json
import math

import httpx2
import pytest
from asking import rater_of
from fake_openai import completion, scripted

from scorer.providers import Endpoint, open_provider
from scorer.rubrics import load_rubric
from scorer.workflows.rating.rubric_check import RubricCheck, check_rubric, right_pairs

EXPOSURE = load_rubric("exposure")
CUTS = {EXPOSURE.id: (-1.0, 1.0)}


def check(rater, transport) -> RubricCheck:
    async def ask():
        async with httpx2.AsyncClient(transport=transport) as client:
            return await check_rubric(
                rater, EXPOSURE, open_provider(rater, client, Endpoint("http://127.0.0.1:9/v1", "k"))
            )

    return asyncio.run(ask())


def with_tops(*steps: dict[str, float], **fields) -> httpx2.Response:
    """A completion whose tokens have these alternatives, the first of each being the one generated."""
    content = [
        {
            "token": next(iter(top)),
            "logprob": math.log(next(iter(top.values()))),
            "top_logprobs": [{"token": token, "logprob": math.log(p)} for token, p in top.items()],
        }
        for top in steps
    ]
    text = "".join(step["token"] for step in content)
    return httpx2.Response(200, json=completion(text, choice={"logprobs": {"content": content}, **fields}))


def knows(*, turned: tuple[str, ...] = ()):
    """An endpoint that answers every obvious task as the rubric does, but some probes the other way round."""

    def handle(request):
        system, user = (message["content"] for message in json.loads(request.content)["messages"])
        probe = next(one.name for one in EXPOSURE.probes if one.question in system)
        yes = next(probe in one.yes for one in EXPOSURE.obvious if one.task in user)
        p = 0.7 if yes != (probe in turned) else 0.2
        return with_tops({"Yes": p, "No": 0.9 - p})

    return httpx2.MockTransport(handle)


def test_probes_that_point_the_right_way_pass():
    """Every pair of obvious tasks is in order, and the mass of yes and no is told."""
    found = check(rater_of(answer="probes", cuts=CUTS), knows())

    assert found.problem is None
    assert found.probes == {"half": 1.0, "physical": 1.0}
    assert found.mass == pytest.approx(0.9)


def test_a_probe_of_the_wrong_sign_is_named():
    """A rater that says yes to the wrong tasks is found out, probe by probe."""
    found = check(rater_of(answer="probes", cuts=CUTS), knows(turned=("physical",)))

    assert found.probes == {"half": 1.0, "physical": 0.0}
    assert "`physical` (0% of pairs right)" in found.problem


def test_signs_are_checked_before_there_are_cuts():
    """A new rater is checked first and measured then: the check says which command measures."""
    found = check(rater_of(answer="probes"), knows())

    assert found.probes == {"half": 1.0, "physical": 1.0}
    assert "`scorer raters cuts scripted --rubric exposure@1`" in found.problem


@pytest.mark.parametrize(
    ("steps", "one_token", "mass"),
    [
        ([{"E0": 0.5, "E1": 0.3, "E2": 0.1}], True, 0.9),
        ([{"E": 0.9, "The": 0.1}, {"0": 0.6, "1": 0.3, "2": 0.1}], False, 0.9),
        ([{"0": 0.5, "1": 0.3, "2": 0.1}], True, 0.9),
    ],
)
def test_answers_that_share_their_first_token_are_told_from_those_that_do_not(steps, one_token, mass):
    """`E` before 0, 1 and 2 tells nothing apart; after the prefill the digit alone does."""
    found = check(rater_of(answer="token"), scripted(with_tops(*steps)))

    assert (found.one_token, found.problem) == (one_token, None)
    assert found.mass == pytest.approx(mass)


def test_an_endpoint_without_log_probabilities_is_a_problem_of_a_token_rater():
    """The reason and what to do come from the reading itself."""
    found = check(rater_of(answer="token"), scripted(httpx2.Response(200, json=completion("E0"))))

    assert (found.one_token, found.mass) == (None, None)
    assert 'answer = "json"' in found.problem


def test_pairs_in_order_count_once_and_equal_ones_half():
    """2 against 1 and 3: one pair right, one wrong; 2 against 2: half."""
    assert right_pairs([2.0], [1.0, 3.0, 2.0]) == 0.5
