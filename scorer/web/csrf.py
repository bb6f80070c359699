"""Forms that only our own pages can send: each carries a token that belongs to the visitor's cookie."""

import hmac
import secrets
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import Response

COOKIE = "scorer_visitor"
FIELD = "csrf"


@dataclass(frozen=True)
class FormTokens:
    """Tokens by visitor; the secret lives as long as the server."""

    secret: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)

    def visitor(self, request: Request) -> str:
        """The visitor's name in the cookie, or a new one: set it with `remember`."""
        return request.cookies.get(COOKIE) or secrets.token_urlsafe(24)

    def token(self, visitor: str) -> str:
        """What a form of this visitor carries in its field `csrf`."""
        return hmac.digest(self.secret, visitor.encode(), "sha256").hex()

    def remember(self, response: Response, visitor: str, *, is_tls: bool) -> None:
        """Give the visitor the cookie that the token belongs to."""
        response.set_cookie(COOKIE, visitor, httponly=True, samesite="strict", secure=is_tls)

    def is_ours(self, request: Request, sent: str) -> bool:
        """Whether a form was made here for the visitor that sends it."""
        visitor = request.cookies.get(COOKIE)
        return visitor is not None and hmac.compare_digest(self.token(visitor).encode(), sent.encode())
