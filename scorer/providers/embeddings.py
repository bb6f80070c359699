"""Sentences as vectors, on the CPU, from a pinned ONNX file and its tokenizer: what the classifier floor rests on.

The door to onnxruntime and tokenizers. No weights are fetched here; who calls hands over the files.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from scorer.errors import ConfigurationError

LONGEST = 128
"""Tokens of a text that are read; statements have far fewer."""
BATCH = 64


class SentenceEmbedder:
    """A sentence model with mean pooling, such as all-MiniLM-L6-v2.

    Args:
        weights: the ONNX file. tokenizer: its `tokenizer.json`.

    Raises:
        ConfigurationError: the extra `embedded` is not installed, or a file cannot be used.
    """

    def __init__(self, weights: Path, tokenizer: Path) -> None:
        try:
            import onnxruntime  # noqa: PLC0415 - an extra, and slow to load
            from tokenizers import Tokenizer  # noqa: PLC0415 - an extra
        except ImportError as missing:
            raise ConfigurationError(
                f"{missing.name} is not installed: pip install 'onet-ai-coverage[embedded]'"
            ) from missing
        try:
            self._session: Any = onnxruntime.InferenceSession(str(weights), providers=["CPUExecutionProvider"])
            self._tokenizer: Any = Tokenizer.from_file(str(tokenizer))
        except Exception as broken:  # the libraries raise what they like
            raise ConfigurationError(f"{weights.name} or {tokenizer.name} is no sentence model: {broken}") from broken
        self._tokenizer.enable_truncation(LONGEST)
        self._tokenizer.enable_padding()
        self._inputs = {one.name for one in self._session.get_inputs()}

    def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """One unit vector a text, shape (n, d), in the order given."""
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))  # texts of one length together: less padding
        parts = [self._batch([texts[i] for i in order[at : at + BATCH]]) for at in range(0, len(order), BATCH)]
        vectors = np.concatenate(parts) if parts else np.zeros((0, 1), dtype=np.float32)
        return np.asarray(vectors[np.argsort(order)] if parts else vectors, dtype=np.float32)

    def _batch(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        encoded = self._tokenizer.encode_batch(list(texts))
        read = {
            "input_ids": np.array([one.ids for one in encoded], dtype=np.int64),
            "attention_mask": np.array([one.attention_mask for one in encoded], dtype=np.int64),
            "token_type_ids": np.array([one.type_ids for one in encoded], dtype=np.int64),
        }
        (states,) = self._session.run(None, {name: value for name, value in read.items() if name in self._inputs})
        mask = read["attention_mask"][:, :, None]
        pooled = (states * mask).sum(axis=1) / mask.sum(axis=1)
        return np.asarray(pooled / np.linalg.norm(pooled, axis=1, keepdims=True), dtype=np.float32)
