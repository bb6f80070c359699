"""How answers for programs are written."""

import json
from datetime import datetime

from starlette.responses import Response


def as_json(value: object) -> Response:
    """An answer; times in ISO 8601 (UTC)."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, default=_plain)
    return Response(text, media_type="application/json")


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
