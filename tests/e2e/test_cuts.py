"""scorer raters cuts: where a rater passes from one category to the next, measured without a label."""

import hashlib
import json
import math
from collections import Counter
from itertools import accumulate

import numpy as np
import pytest
from fake_openai import asked, completion
from inside import answering, scripted_engine

from scorer.rubrics import load_rubric

RATER = "qwen2.5-coder-1.5b-instruct"


def log_odds(request):
    """What the scripted engine thinks of a request: anything between -3 and 3, from its text alone."""
    return 6 * int(hashlib.sha256(json.dumps(request["messages"]).encode()).hexdigest()[:8], 16) / 16**8 - 3


def says(request, _key):
    yes = 1 / (1 + math.exp(-log_odds(request)))
    tops = [{"token": token, "logprob": math.log(p), "bytes": None} for token, p in (("Yes", yes), ("No", 1 - yes))]
    return 200, completion(
        "Yes", choice={"logprobs": {"content": [{**tops[0], "top_logprobs": tops}], "refusal": None}}
    )


@pytest.fixture
def measured(command, monkeypatch):
    """Cuts of both rubrics over 40 tasks, and the requests that they were measured with."""
    requests = []

    def counting(request, key):
        requests.append(request)
        return says(request, key)

    with answering(counting) as url:
        monkeypatch.setattr("scorer.workflows.evaluation.cuts.reach", scripted_engine(url))
        said = command(
            "raters", "cuts", RATER, "--rubric", "coverage", "--rubric", "exposure", "--sample", 40, "--json"
        )
    assert said.status == 0, said.err
    return {one["rubric"]: one for one in said.json()}, requests


def test_cuts_are_the_quantiles_of_the_signed_sums_at_the_priors(measured):
    """Both rubrics ask the same two probes, so 80 requests are enough; each rubric has priors of its own."""
    cuts, requests = measured
    assert len(requests) == 80
    sums = Counter()
    for request in requests:
        sums[asked(request)] += log_odds(request) * (-1 if "mainly physical" in json.dumps(request) else 1)
    assert len(sums) == 40
    for name in ("coverage", "exposure"):
        rubric = load_rubric(name)
        priors = {one.value: one.prior for one in rubric.categories}
        shares = list(accumulate(priors[value] for value in rubric.ordered_values))[:-1]
        expected = np.quantile(list(sums.values()), shares)
        assert cuts[rubric.id]["n"] == 40
        assert cuts[rubric.id]["cuts"] == pytest.approx(expected, abs=0.006)


def test_a_rater_that_generates_has_no_cuts(command):
    """Only answers to probes have a sum that could be cut."""
    command.configure("http://127.0.0.1:9/v1")
    assert 'only answer = "probes" has cuts' in command.fails("raters", "cuts", "scripted")
