"""Who is let in, and what every answer tells the browser."""

import pytest
from web_client import client_of

from scorer.errors import ConfigurationError
from scorer.web import doorkeeper, make_app

TOKEN = "an-invented-token-0123456789"  # noqa: S105 - opens nothing


def test_every_answer_forbids_what_the_pages_do_not_need(client):
    """Pages, assets and errors alike carry the strict policy; nothing may be loaded from elsewhere or run inline."""
    for path in ("/", "/assets/style.css", "/nowhere"):
        policy = client.get(path).headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; style-src 'self'; script-src 'self';")
        assert "unsafe" not in policy


def test_style_sheet_and_scripts_come_as_they_were_written(client):
    """What a browser gets of an asset is its text, nothing in it escaped."""
    sheet = client.get("/assets/style.css").text
    assert ".search > label" in sheet
    assert 'input[type="search"]' in sheet
    assert "=>" in client.get("/assets/pages.js").text


def test_another_host_name_is_refused(client):
    """A name that somebody points at this machine gets nothing (DNS rebinding)."""
    assert client.get("/", headers={"Host": "evil.example"}).status_code == 421
    assert client.get("/", headers={"Host": "LOCALHOST:1234"}).status_code == 200


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "scores.example"])  # noqa: S104 - that it is refused
def test_off_loopback_a_token_is_needed(host):
    """Without a token, or with a short one, the server does not start where others can reach it."""
    with pytest.raises(ConfigurationError, match="SCORER_WEB_TOKEN"):
        doorkeeper(host, [], None)
    with pytest.raises(ConfigurationError, match="fewer than 16"):
        doorkeeper(host, [], "short")


def test_the_token_opens_as_password_and_as_bearer(release):
    """With a token set, nothing is shown without it; any user name goes with it; it is in no repr."""
    keeper = doorkeeper("192.0.2.7", ["scores.example"], TOKEN)
    client = client_of(make_app(release, keeper=keeper))
    assert client.get("/").status_code == 401
    assert client.get("/", auth=("anybody", TOKEN)).status_code == 200
    assert client.get("/", auth=("anybody", TOKEN + "x")).status_code == 401
    assert client.get("/", headers={"Authorization": f"Bearer {TOKEN}", "Host": "scores.example"}).status_code == 200
    assert client.get("/", headers={"Authorization": "Basic %%%"}).status_code == 401
    assert TOKEN not in repr(keeper)
