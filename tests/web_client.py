"""A browser's place in the tests of the application."""

from starlette.testclient import TestClient

HOME = "http://127.0.0.1:8470"


def client_of(app, **more):
    """A client that follows no redirects and sees errors as pages."""
    return TestClient(app, base_url=HOME, raise_server_exceptions=False, follow_redirects=False, **more)
