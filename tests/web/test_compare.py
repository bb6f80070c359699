"""The page that compares: what is offered, and what is said of the rest."""

import pytest
from markupsafe import Markup
from web_client import client_of

from scorer.errors import StoreError
from scorer.web import ComparedPage, Peers, Uses, make_app

OFFERED = [Peers("Releases", ["autumn", "spring"]), Peers("Raters: Beta", ["ann", "bob"], "exposure@1")]


def _compared(first, second, rubric):
    if first == "spring":
        raise StoreError("spring is damaged")
    return ComparedPage(f"{first} to {second} on {rubric}", Markup("<p>moved</p>"), ["Credit."])


@pytest.fixture
def client(release):
    """The application with two lists to choose from."""
    with client_of(make_app(release, Uses(compare=_compared, comparable=lambda: OFFERED))) as client:
        yield client


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("", "Only what measures the same thing stands in one list"),
        ("?first=ann&second=bob", "ann to bob on exposure@1"),
        ("?first=ann&second=bob&rubric=exposure@1", "ann to bob on exposure@1"),
        ("?first=ann&second=bob&rubric=coverage@1", "On coverage@1 they are not both scored"),
        ("?first=autumn&second=bob", "do not measure the same thing"),
        ("?first=ann&second=ann", "ann does not differ from itself"),
        ("?first=ann&second=/etc/passwd", "nothing of that name here"),
        ("?first=spring&second=autumn", "spring is damaged"),
    ],
)
def test_what_can_be_compared_is_and_of_the_rest_the_page_says_what_to_choose(client, asked, said):
    """Two names of one list are compared; any other two lead back to the lists in words of the page."""
    page = client.get(f"/compare{asked}")
    assert page.status_code == 200
    assert said in page.text
    assert page.text.count("<form") == len(OFFERED)
    assert ("<p>moved</p>" in page.text) == (said.endswith("exposure@1"))
    assert "--" not in page.text


def test_with_nothing_to_compare_the_page_says_when_there_will_be(release):
    """No empty list is offered."""
    with client_of(make_app(release, Uses(compare=_compared, comparable=list))) as client:
        page = client.get("/compare").text
    assert "<form" not in page
    assert "once an earlier one was kept" in page
