"""Calibrated ratings: what a raw rater's ratings become when its readings are calibrated on labels.

Each is derived from one raw rating and costs nothing. A raw answer that is not usable stays what it is, so that the
gate counts it for both raters; reviews never take part, and labels by models only where no person labelled.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

import numpy as np

from eval.calibration import Method, cross_fit
from scorer.domain.base import sha256_json
from scorer.domain.evaluation import Label, LabellerKind, LabelOrigin
from scorer.domain.panel import CALIBRATED
from scorer.domain.rating import Json, Rating, Status
from scorer.domain.rubric import Rubric
from scorer.errors import LabelError
from scorer.statistics import FloatArray

_TAKEN_OVER = {"task_id", "rubric", "variant", "repeat", "occasion", "statement_sha256", "rubric_sha256"}


@dataclass(frozen=True)
class Calibration:
    """One calibration of one rater on one rubric.

    Attributes:
        version: identity: sha256 of the raw answers and labels it was fitted on, the rubric and the method.
        readings: names of what was read of the raw rater, in order.
        n_labelled: tasks with a label that it was fitted on; n_occupations: their occupations.
        labeller_kind: who made these labels.
        ratings: of the calibrated rater, one for each raw rating but those in `without`.
        without: raw ratings that are usable and have no readings, or other ones than most: left out.
    """

    version: str
    method: Method
    labels_sha256: str
    readings: tuple[str, ...]
    n_labelled: int
    n_occupations: int
    labeller_kind: LabellerKind
    ratings: tuple[Rating, ...]
    without: int

    @property
    def facts(self) -> Json:
        """What is kept beside the rater: all that makes the version, and on how much it rests."""
        return {
            "version": self.version,
            "labels_sha256": self.labels_sha256,
            "labeller_kind": self.labeller_kind.value,
            "labelled_tasks": self.n_labelled,
            "labelled_occupations": self.n_occupations,
            "readings": list(self.readings),
            "method": self.method.model_dump(mode="json"),
        }


def calibrate_ratings(
    raw: Sequence[Rating],
    labels: Sequence[Label],
    occupations: Mapping[str, str],
    rubric: Rubric,
    method: Method,
) -> Calibration:
    """Calibrate the ratings of one rater on one rubric.

    Args:
        raw: its rating that counts of each asking, unusable ones too.
        labels: of one label set.
        occupations: occupation code by task id; a task without one is left out.
        rubric: whose scale.
        method: how.

    Raises:
        LabelError: no ratings with readings, or too few labels.
    """
    placed = sorted((one for one in raw if one.task_id in occupations), key=lambda one: (one.task_id, one.cell_hash))
    names = _reading_names(placed)
    readable = [one for one in placed if _names(one) == names]
    counted, kind = counted_labels(labels, rubric)
    shares = _shares(readable, counted, rubric)
    codes = np.array([occupations[one.task_id] for one in readable])
    features = np.array([[(one.readings or {})[name] for name in names] for one in readable])
    fitted = cross_fit(features, shares, codes, method)
    labels_sha256 = sha256_json(sorted([one.task_id, one.labeller, one.category] for one in counted))
    labelled = np.asarray(shares.any(axis=1))
    fitted_on = [one for one, known in zip(readable, labelled, strict=True) if known]
    version = _version(rubric, labels_sha256, fitted_on, method)
    derived = _Deriving(rubric, version)
    found = [derived.rated(*row) for row in zip(readable, fitted.probabilities, fitted.categories, strict=True)]
    unusable = [derived.unusable(one) for one in placed if one.status is not Status.RATED]
    return Calibration(
        version=version,
        method=method,
        labels_sha256=labels_sha256,
        readings=names,
        n_labelled=len({one.task_id for one in fitted_on}),
        n_occupations=len(set(codes[labelled].tolist())),
        labeller_kind=kind,
        ratings=(*found, *unusable),
        without=len(placed) - len(found) - len(unusable),
    )


def _version(rubric: Rubric, labels_sha256: str, fitted_on: Sequence[Rating], method: Method) -> str:
    return sha256_json(
        {
            "rubric": rubric.sha256,
            "labels": labels_sha256,
            "fitted_on": [[one.cell_hash, one.readings] for one in fitted_on],
            "method": method.model_dump(mode="json"),
        }
    )


class _Deriving:
    """Makes the ratings of one version."""

    def __init__(self, rubric: Rubric, version: str) -> None:
        self._rubric, self._version, self._now = rubric, version, datetime.now(UTC)
        self._run_id = f"cal-{self._now:%Y%m%dT%H%M%S%f}-{version[:6]}"
        self._numbers = np.array([rubric.number(value) for value in rubric.ordered_values])

    def rated(self, raw: Rating, probabilities: FloatArray, place: int) -> Rating:
        """The calibrated rating of a usable one; its readings are the calibrated log-probabilities."""
        values = self._rubric.ordered_values
        return self._rating(
            raw,
            status=Status.RATED,
            category=values[place],
            score=self._rubric.number(values[place]),
            score_expected=float(probabilities @ self._numbers),
            readings={value: float(np.log(max(p, 1e-12))) for value, p in zip(values, probabilities, strict=True)},
        )

    def unusable(self, raw: Rating) -> Rating:
        """What was not usable is not made so."""
        return self._rating(raw, status=raw.status, problem=raw.problem)

    def _rating(self, raw: Rating, **answer: object) -> Rating:
        return Rating.model_validate(
            {
                **raw.model_dump(include=_TAKEN_OVER),
                **answer,
                "rating_id": sha256_json([raw.rating_id, self._version, self._now.isoformat()]),
                "run_id": self._run_id,
                "rater": raw.rater + CALIBRATED,
                "cell_hash": sha256_json({"calibration": self._version, "cell": raw.cell_hash}),
                "derived_from": raw.rating_id,
                "params_sent": {"calibration": self._version},
                "cost_usd": 0.0,
                "attempts": 0,
                "created_at": self._now,
            }
        )


def _reading_names(ratings: Sequence[Rating]) -> tuple[str, ...]:
    """What most usable ratings have readings of."""
    counts = Counter(names for one in ratings if (names := _names(one)))
    if not counts:
        raise LabelError("there are no log-probabilities in the ratings, so there is nothing to calibrate")
    return max(counts, key=lambda names: (counts[names], names))


class Texted(Protocol):
    """What `about_text` reads of a rating."""

    @property
    def statement_sha256(self) -> str | None: ...  # noqa: D102 - as in Rating


def _names(rating: Rating) -> tuple[str, ...]:
    return tuple(sorted(rating.readings)) if rating.status is Status.RATED and rating.readings else ()


def counted_labels(labels: Sequence[Label], rubric: Rubric) -> tuple[list[Label], LabellerKind]:
    """The labels that count: no reviews, those of persons where there is any, of models otherwise."""
    counted = [one for one in labels if one.rubric == rubric.id and one.origin is not LabelOrigin.REVIEW]
    by_persons = [one for one in counted if one.labeller_kind is LabellerKind.PERSON]
    return (by_persons, LabellerKind.PERSON) if by_persons else (counted, LabellerKind.MODEL)


def _shares(ratings: Sequence[Rating], labels: Sequence[Label], rubric: Rubric) -> FloatArray:
    """Share of each category in what was said of each rated text, (n, k); several ratings of a task share its label."""
    place = {value: i for i, value in enumerate(rubric.ordered_values)}
    said: dict[str, list[Label]] = {}
    for label in labels:
        said.setdefault(label.task_id, []).append(label)
    asked = Counter(one.task_id for one in ratings)
    shares = np.zeros((len(ratings), len(place)))
    for i, rating in enumerate(ratings):
        about = list(about_text(rating, said.get(rating.task_id, ())))
        for label in about:
            shares[i, place[label.category]] += 1 / len(about) / asked[rating.task_id]
    return shares


def about_text(rating: Texted, labels: Sequence[Label]) -> Iterator[Label]:
    """The labels of the text that was rated, as far as both are known."""
    return (
        label
        for label in labels
        if not (label.statement_sha256 and rating.statement_sha256) or label.statement_sha256 == rating.statement_sha256
    )
