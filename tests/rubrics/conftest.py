"""A small rubric of its own, the shipped ones, and replies as endpoints send them."""

import json
import math

import pytest

from scorer.domain.catalogue import Occupation, Task
from scorer.domain.rating import Reply, TokenLogprobs
from scorer.rubrics import load_rubric

SMALL = """\
+++
name = "ease"
version = 3
title = "Ease"
level = "ordinal"
fields = ["rationale"]
cannot_judge = true
source = "Invented for the tests."

[[categories]]
value = "H1"
label = "hard"
anchor = "Takes long."
number = 1

[[categories]]
value = "H2"
label = "easy"
anchor = "Takes little."
number = 2
+++

# system

Rate how easy the task is.
{% for category in categories %}
{{ category.value }}: {{ category.anchor }}
{% endfor %}

# answer json

Keys: rationale, category ({{ values | join("/") }} or {{ cannot_judge }}).

# answer token

One of {{ values | join(", ") }}, or {{ cannot_judge }}.

# user

{{ occupation }}:
{{ task }}
"""


@pytest.fixture
def small():
    return SMALL


@pytest.fixture(scope="session")
def coverage():
    return load_rubric("coverage")


@pytest.fixture(scope="session")
def exposure():
    return load_rubric("exposure")


@pytest.fixture
def occupation():
    return Occupation(occupation_code="51-7011.00", title="Coopers", description="Make casks.")


@pytest.fixture
def task():
    return Task(task_id="1", occupation_code="51-7011.00", statement="Bend staves over a fire.", kind="core")


@pytest.fixture
def reply():
    """Makes a Reply from its text and whatever else matters."""

    def make(text=None, **more):
        return Reply(body="{}", sent={}, text=text, **({"finish_reason": "stop"} | more))

    return make


@pytest.fixture
def tokens():
    """Makes generated tokens from pairs of the token and the probabilities of the alternatives."""

    def make(*steps):
        return tuple(
            TokenLogprobs(token=token, top={text: math.log(p) for text, p in top.items()}) for token, top in steps
        )

    return make


@pytest.fixture
def full():
    """A complete JSON answer for `coverage`, with changes; a change to None takes the key away."""

    def make(**changes):
        answer = {
            "evidence": "plausible",
            "rationale": "Staves are bent by hand.",
            "blocker_physical": True,
            "blocker_in_person": False,
            "blocker_sign_off": False,
            "blocker_private_access": False,
            "blocker_cost_of_error": False,
            "category": "25",
            "confidence": 80,
        } | changes
        return json.dumps({key: value for key, value in answer.items() if value is not None})

    return make
