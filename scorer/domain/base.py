"""What every domain object shares: frozen, closed, compared by value; and one canonical JSON for hashes."""

import hashlib
import json
from typing import Any

from pydantic import BaseModel, ConfigDict
from pydantic_core import to_json


class Frozen(BaseModel):
    """A value: cannot be changed, takes no unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def canonical_json(value: Any) -> str:  # noqa: ANN401 - JSON is what it is
    """The one JSON text of a value: keys sorted, no spaces, UTF-8 as it is; NaN is refused with ValueError."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def json_bytes(value: Any) -> bytes:  # noqa: ANN401 - JSON is what it is
    """JSON of a value for those who read it back: keys in their own order, no spaces; several times as fast."""
    return to_json(value)


def sha256_text(text: str) -> str:
    """Hex sha256 of the UTF-8 bytes of `text`."""
    return hashlib.sha256(text.encode()).hexdigest()


def sha256_json(value: Any) -> str:  # noqa: ANN401 - JSON is what it is
    """Hex sha256 of the canonical JSON of `value`."""
    return sha256_text(canonical_json(value))
