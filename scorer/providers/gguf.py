"""What a GGUF file says of itself, read without the engine: whether it has a chat template, and whether it is whole.

Source: the GGUF specification of ggml, versions 2 and 3: header, metadata, tensor list, then the tensors.
"""

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from scorer.errors import ArtefactError

MAGIC = b"GGUF"
CHAT_TEMPLATE = "tokenizer.chat_template"
ARCHITECTURE = "general.architecture"
_VERSIONS = (2, 3)
_STRING, _ARRAY = 8, 9
_NUMBERS = {0: "<B", 1: "<b", 2: "<H", 3: "<h", 4: "<I", 5: "<i", 6: "<f", 7: "<?", 10: "<Q", 11: "<q", 12: "<d"}
_LONGEST = 1 << 28
"""Bytes of one text or list of numbers; more is a damaged length."""


@dataclass(frozen=True)
class GgufHead:
    """The beginning of a GGUF file.

    Attributes:
        architecture: of the model, `qwen2`; None where the file does not say.
        has_chat_template: whether the model was made for conversations; a base model has none.
        size: of the file, bytes.
    """

    architecture: str | None
    has_chat_template: bool
    size: int


def read_gguf(path: Path) -> GgufHead:
    """The head of a GGUF file.

    Raises:
        ArtefactError: not there, no GGUF, or it ends within its head.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            told = _metadata(file)
    except OSError as error:
        raise ArtefactError(
            f"weights {path}: {error.strerror or error}; `scorer artefacts pull` fetches pinned ones"
        ) from None
    except (struct.error, EOFError, UnicodeDecodeError):
        raise ArtefactError(f"weights {path}: the file ends too early or is damaged; fetch it again") from None
    if told is None:
        raise ArtefactError(f"weights {path}: no GGUF file; `scorer artefacts verify` checks pinned ones")
    architecture = told.get(ARCHITECTURE)
    return GgufHead(architecture if isinstance(architecture, str) else None, bool(told.get(CHAT_TEMPLATE)), size)


def _metadata(file: IO[bytes]) -> dict[str, Any] | None:
    """Keys and values; lists are passed over (a vocabulary is long). None where it is no GGUF."""
    if file.read(4) != MAGIC:
        return None
    version, _tensors, pairs = struct.unpack("<IQQ", _exactly(file, 20))
    if version not in _VERSIONS:
        return None
    return {_text(file): _value(file, _number(file, "<I")) for _ in range(pairs)}


def _value(file: IO[bytes], kind: int) -> Any:  # noqa: ANN401 - whatever the file holds
    if kind == _STRING:
        return _text(file)
    if kind == _ARRAY:
        inner, length = struct.unpack("<IQ", _exactly(file, 12))
        if inner in _NUMBERS:
            _exactly(file, length * struct.calcsize(_NUMBERS[inner]))
        else:
            for _ in range(length):
                _value(file, inner)
        return None
    if kind not in _NUMBERS:
        raise EOFError
    return _number(file, _NUMBERS[kind])


def _text(file: IO[bytes]) -> str:
    return _exactly(file, _number(file, "<Q")).decode()


def _number(file: IO[bytes], form: str) -> Any:  # noqa: ANN401 - as above
    (value,) = struct.unpack(form, _exactly(file, struct.calcsize(form)))
    return value


def _exactly(file: IO[bytes], length: int) -> bytes:
    found = file.read(length) if length <= _LONGEST else b""
    if len(found) != length:
        raise EOFError
    return found
