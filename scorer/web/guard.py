"""Who may come in: loopback by default, known host names, a token from elsewhere; and what a browser may do here."""

import base64
import binascii
import hmac
from dataclasses import dataclass, field
from http import HTTPStatus
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from scorer.errors import ConfigurationError

TOKEN_VARIABLE = "SCORER_WEB_TOKEN"  # noqa: S105 - the name of a variable
SHORTEST_TOKEN = 16
LOOPBACK_NAMES = frozenset({"127.0.0.1", "localhost", "[::1]"})
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
}


@dataclass(frozen=True)
class Doorkeeper:
    """Whom the server lets in.

    Attributes:
        hosts: names by which it may be called, without ports: another name means that somebody points theirs here.
        token: what a visitor must show, as password (any user) or bearer token; None where nobody need.
    """

    hosts: frozenset[str] = LOOPBACK_NAMES
    token: str | None = field(default=None, repr=False)

    def refusal(self, scope: Scope) -> Response | None:
        """Why a request is not let in; None where it is."""
        headers = Headers(scope=scope)
        if _host(headers.get("host", "")) not in self.hosts:
            return PlainTextResponse(
                "this server is not called that: see --allow-host\n", HTTPStatus.MISDIRECTED_REQUEST
            )
        if self.token is not None and not _shows(self.token, headers.get("authorization", "")):
            asked = {"WWW-Authenticate": 'Basic realm="scorer", charset="UTF-8"'}
            return PlainTextResponse("the token is needed, as password\n", HTTPStatus.UNAUTHORIZED, asked)
        if scope["method"] not in SAFE_METHODS and not _same_site(headers):
            return PlainTextResponse("sent from another site\n", HTTPStatus.FORBIDDEN)
        return None


def doorkeeper(host: str, allowed: list[str], token: str | None) -> Doorkeeper:
    """The doorkeeper of a server that listens on `host`.

    Args:
        host: the address it binds to.
        allowed: further names by which it may be called.
        token: from the environment; None or empty for none.

    Raises:
        ConfigurationError: the address is not loopback and there is no token, or too short a one.
    """
    if token and len(token) < SHORTEST_TOKEN:
        raise ConfigurationError(f"{TOKEN_VARIABLE} has fewer than {SHORTEST_TOKEN} characters: make a longer one")
    if not token and not _is_loopback(host):
        raise ConfigurationError(
            f"--host {host} can be reached from other machines: set {TOKEN_VARIABLE} to a secret of at least "
            f"{SHORTEST_TOKEN} characters, or leave --host out to listen on 127.0.0.1 only"
        )
    own = f"[{host}]" if ":" in host else host
    return Doorkeeper(LOOPBACK_NAMES | {own.lower(), *(name.lower() for name in allowed)}, token or None)


class Guarded:
    """Middleware: asks the doorkeeper, and tells the browser what it may do with whatever is answered."""

    def __init__(self, app: ASGIApp, keeper: Doorkeeper) -> None:
        self._app, self._keeper = app, keeper

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        answering = self._keeper.refusal(scope) or self._app
        await answering(scope, receive, with_headers)


def _host(stated: str) -> str:
    """A Host header without its port, in lower case."""
    bare, separator, port = stated.rpartition(":")
    return (bare if separator and port.isdigit() else stated).lower()


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _shows(token: str, authorization: str) -> bool:
    """Whether the header carries the token; the comparison takes the same time whatever was sent."""
    scheme, _, sent = authorization.partition(" ")
    if scheme.lower() == "basic":
        try:
            sent = base64.b64decode(sent, validate=True).decode().partition(":")[2]
        except (binascii.Error, UnicodeDecodeError):
            sent = ""
    return hmac.compare_digest(sent.encode(), token.encode())


def _same_site(headers: Headers) -> bool:
    """Whether a browser says that the request comes from a page of ours; programs say nothing."""
    if headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        return False
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc.lower() == headers.get("host", "").lower()
