"""Forms: only ours, only from the visitor they were made for."""

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from web_client import HOME, client_of

from scorer.web.csrf import FIELD
from scorer.web.desk import Desk
from scorer.web.guard import Doorkeeper, Guarded
from scorer.web.routing import live, writing
from scorer.web.shelf import Shelf

OURS = ...


@pytest.fixture
def forms(tmp_path):
    """A page whose text is the token of its form, and the address that takes the form."""
    desk = Desk(Shelf(tmp_path / "results.duckdb"))
    taken = []
    routes = [
        live(desk, "/form", lambda _, __, token: token),
        writing(desk, "/write", lambda _, __, form: taken.append(form["answer"]) or PlainTextResponse("written")),
    ]
    app = Starlette(routes=routes, middleware=[Middleware(Guarded, keeper=Doorkeeper())])
    return client_of(app), taken


def test_a_form_of_our_page_is_taken(forms):
    """The visitor's own token writes, and the page that gave it is never kept."""
    client, taken = forms
    page = client.get("/form")
    assert page.headers["cache-control"] == "no-store"
    assert "HttpOnly" in page.headers["set-cookie"]
    assert "samesite=strict" in page.headers["set-cookie"].lower()
    assert client.post("/write", data={FIELD: page.text, "answer": "50"}).text == "written"
    assert taken == ["50"]


@pytest.mark.parametrize(
    ("token", "headers"),
    [
        (None, {}),
        ("0" * 64, {}),
        ("é", {}),
        (OURS, {"Origin": "https://evil.example"}),
        (OURS, {"Sec-Fetch-Site": "cross-site"}),
        (OURS, {"Host": "evil.example"}),
    ],
)
def test_a_form_of_others_writes_nothing(forms, token, headers):
    """Without the token, with another one, or from another site, the view is never reached."""
    client, taken = forms
    own = client.get("/form").text
    sent = {"answer": "50"} if token is None else {FIELD: own if token is OURS else token, "answer": "50"}
    assert client.post("/write", data=sent, headers=headers).status_code in {403, 421}
    assert taken == []


def test_a_token_of_another_visitor_writes_nothing(forms):
    """A token belongs to the cookie it was made for."""
    client, taken = forms
    token = client.get("/form").text
    client.cookies.clear()
    client.get("/form")
    assert client.post("/write", data={FIELD: token, "answer": "50"}, headers={"Origin": HOME}).status_code == 403
    assert taken == []
