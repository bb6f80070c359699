"""Floors: what stands beside every rater so that people see what a language model adds.

- `floor:commonest` says the commonest label about everything.
- `floor:classifier` is a logistic regression on sentence embeddings of the statements, trained on the same labels:
  cross-fitted, so that no task is predicted by a model that has seen a label of its occupation.

Neither is a rater: they get coefficients, and no Verdict. Refuses to train on next to nothing.
"""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from eval.columns import BoolArray, Column, Frame
from eval.evidence import LabelColumns

COMMONEST = "floor:commonest"
CLASSIFIER = "floor:classifier"
FOLDS = 5
MIN_LABELS = 50
MOST_LABELS = 1_000
"""Labelled tasks that the classifier is trained and tried on: embedding more would take minutes and hardly help."""

Embeddings = Mapping[str, npt.NDArray[np.float32]]


def labelled(one: LabelColumns) -> Column | None:
    """What is to be learned: people's labels pooled, a model's where no person labelled anything; None without any."""
    columns = one.people or one.models
    if not columns:
        return None
    shares = np.sum([column.shares for column in columns], axis=0)
    total = shares.sum(axis=1, keepdims=True)
    return replace(columns[0], name=one.name, shares=shares / np.maximum(total, 1), asked=total[:, 0] > 0)


def commonest(labels: Column) -> Column:
    """The commonest label (of equally common ones the lower) about every task that has one."""
    top = int(np.argmax((labels.shares * labels.weights[:, None]).sum(axis=0)))
    return _said(COMMONEST, labels, np.full(len(labels.shares), top), labels.answered)


def first_by_hash(tasks: Collection[str]) -> list[str]:
    """The tasks that need an embedding: all, or a thousand taken by the hash of their ids, the same ones every time."""
    return sorted(tasks, key=lambda task: hashlib.sha256(task.encode()).digest())[:MOST_LABELS]


def classifier(frame: Frame, labels: Column, embeddings: Embeddings) -> Column | None:
    """Cross-fitted predictions for the labelled tasks that have an embedding; None where there is too little to learn.

    Source: logistic regression on frozen sentence embeddings, penalty as in scikit-learn's default; folds keep
    occupations whole.
    """
    places = np.array([frame.place[task] for task in sorted(embeddings) if task in frame.place], dtype=np.intp)
    places = places[labels.answered[places]]
    target = labels.shares[places].argmax(axis=1)
    groups = frame.occupations[places]
    if len(places) < MIN_LABELS or len(np.unique(target)) < 2 or len(np.unique(groups)) < FOLDS:  # noqa: PLR2004 - one category cannot be told from another
        return None
    vectors = np.stack([embeddings[frame.task_ids[i]] for i in places])
    ranks = np.zeros(len(frame), dtype=np.intp)
    ranks[places] = _cross_fitted(vectors, target, groups)
    answered = np.zeros(len(frame), dtype=np.bool_)
    answered[places] = True
    return _said(CLASSIFIER, labels, ranks, answered)


def _cross_fitted(
    vectors: npt.NDArray[np.float32], target: npt.NDArray[np.intp], groups: npt.NDArray[np.intp]
) -> npt.NDArray[np.intp]:
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - a second that others should not wait
    from sklearn.model_selection import GroupKFold  # noqa: PLC0415 - same

    predicted = np.empty_like(target)
    for train, test in GroupKFold(FOLDS).split(vectors, target, groups):
        seen = np.unique(target[train])
        if len(seen) == 1:
            predicted[test] = seen[0]
        else:
            predicted[test] = (
                LogisticRegression(max_iter=1000).fit(vectors[train], target[train]).predict(vectors[test])
            )
    return predicted


def _said(name: str, labels: Column, ranks: npt.NDArray[np.intp], answered: BoolArray) -> Column:
    """A column of one answer a task about the text that was labelled."""
    shares = np.eye(labels.shares.shape[1])[ranks] * answered[:, None]
    blank = np.zeros_like(answered)
    return Column(name, shares, labels.texts, np.ones(len(ranks)), answered, blank)


def beside(one: LabelColumns, frame: Frame, embeddings: Embeddings) -> tuple[Column, ...]:
    """The floors of one label set; empty where nobody labelled."""
    labels = labelled(one)
    if labels is None:
        return ()
    trained = classifier(frame, labels, embeddings) if embeddings else None
    return (commonest(labels), trained) if trained else (commonest(labels),)
