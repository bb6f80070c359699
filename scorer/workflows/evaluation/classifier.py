"""Embed the statements of labelled tasks for the classifier that stands beside the raters; vectors are kept.

A workspace keeps what was embedded in `.scorer/cache`, by the hash of the text, so that a second evaluation is quick.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from eval.floors import Embeddings, first_by_hash
from scorer.domain.base import sha256_text
from scorer.domain.evaluation import Label
from scorer.providers import SentenceEmbedder
from scorer.workflows.sources.known_tasks import known_releases
from scorer.workflows.workspace.bench import Bench

WEIGHTS = "all-minilm-l6-v2-int8"
TOKENIZER = "all-minilm-l6-v2-tokenizer"


def embeddings_of(bench: Bench, labels: Iterable[Label]) -> Embeddings:
    """A vector for the statement of each labelled task, of at most a thousand of each label set.

    Raises:
        ArtefactError: the pinned model is not here: says how to get it.
        ConfigurationError: the extra `embedded` is not installed.
    """
    by_set: dict[str, set[str]] = {}
    for label in labels:
        by_set.setdefault(label.label_set, set()).add(label.task_id)
    wanted = {task for tasks in by_set.values() for task in first_by_hash(tasks)}
    texts = {
        task.task_id: task.statement for one in known_releases(bench) for task in one.tasks if task.task_id in wanted
    }
    vectors = _vectors(bench, sorted(set(texts.values())))
    return {task: vectors[text] for task, text in texts.items()}


def _vectors(bench: Bench, texts: Sequence[str]) -> dict[str, npt.NDArray[np.float32]]:
    weights, tokenizer = bench.artefacts.require(WEIGHTS), bench.artefacts.require(TOKENIZER)
    kept_in = bench.workspace.cache_dir / f"{WEIGHTS}.npz"
    known = _kept(kept_in)
    if missing := [text for text in texts if sha256_text(text) not in known]:
        made = SentenceEmbedder(weights, tokenizer).embed(missing)
        known |= {sha256_text(text): vector for text, vector in zip(missing, made, strict=True)}
        kept_in.parent.mkdir(parents=True, exist_ok=True)
        beside = kept_in.with_name("beside.npz")
        np.savez(beside, keys=np.array(list(known)), vectors=np.stack(list(known.values())))
        beside.replace(kept_in)
    return {text: known[sha256_text(text)] for text in texts}


def _kept(path: Path) -> dict[str, npt.NDArray[np.float32]]:
    """What was embedded before; nothing where there is no such file or it is damaged."""
    try:
        with np.load(path) as file:
            return dict(zip(file["keys"].tolist(), file["vectors"], strict=True))
    except (OSError, ValueError, KeyError):
        return {}
