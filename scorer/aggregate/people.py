"""What people said, laid along the census: one column for each label set and way it came to be.

Imported and sampled labels stay apart, since only of the latter is it known how likely a task was to be drawn. Labels
that reviewers made because raters disagreed never enter, and labels by models are no correction of models.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

import numpy as np
from numpy.typing import NDArray

from scorer.domain.catalogue import Task
from scorer.domain.evaluation import Label, LabellerKind, LabelOrigin
from scorer.domain.rubric import Rubric
from scorer.statistics import FloatArray

SAMPLED, ASSUMED = "sampled", "assumed"


@dataclass(frozen=True, eq=False)
class People:
    """The labels of one set that came to be in one way.

    Attributes:
        sampling: `sampled` where the inclusion probabilities are known, `assumed` where the labels were imported.
        scores: mean label of each task by measure, shape (tasks,); NaN where there is none.
        probability: that the sample drew the task, shape (tasks,); NaN where unknown.
    """

    label_set: str
    sampling: str
    scores: Mapping[str, FloatArray]
    probability: FloatArray


def people(labels: Iterable[Label], tasks: Iterable[Task], order: Sequence[str], rubric: Rubric) -> list[People]:
    """Lay labels along the tasks in this order, by label set; several persons about one task count as their mean.

    A label of another text than the task has now is left out.
    """
    texts = {task.task_id: task.statement_sha256 for task in tasks}
    said: defaultdict[tuple[str, str], defaultdict[str, list[Label]]] = defaultdict(lambda: defaultdict(list))
    for label in labels:
        if _counts(label, rubric, texts):
            sampling = SAMPLED if label.inclusion_probability is not None else ASSUMED
            said[label.label_set, sampling][label.task_id].append(label)
    return [_column(name, sampling, own, order, rubric) for (name, sampling), own in sorted(said.items())]


def _counts(label: Label, rubric: Rubric, texts: Mapping[str, str]) -> bool:
    by_a_person = label.labeller_kind is LabellerKind.PERSON and label.origin is not LabelOrigin.REVIEW
    text = texts.get(label.task_id)
    return by_a_person and label.rubric == rubric.id and text is not None and label.statement_sha256 in (None, text)


def _column(
    label_set: str, sampling: str, said: Mapping[str, Sequence[Label]], order: Sequence[str], rubric: Rubric
) -> People:
    place = {task_id: i for i, task_id in enumerate(order)}
    blank = np.full(len(order), np.nan)
    scores, probability = {measure: blank.copy() for measure in rubric.measures}, blank.copy()
    for task_id, labels in said.items():
        probability[place[task_id]] = labels[0].inclusion_probability or np.nan
        for measure, column in scores.items():
            column[place[task_id]] = fmean(rubric.number(label.category, measure) for label in labels)
    return People(label_set, sampling, scores, probability)


def chances(own: People, places: NDArray[np.intp], soc: NDArray[np.intp]) -> tuple[FloatArray, NDArray[np.intp]]:
    """Inclusion probability and stratum of the tasks at these places, NaN probability where nobody labelled.

    Imported labels are taken for a random sample of each SOC major group: labelled over all tasks of the group.

    Args:
        own: the labels.
        places: of the tasks that are estimated about, shape (m,).
        soc: number of the SOC major group of each of them, shape (m,).
    """
    there = ~np.isnan(next(iter(own.scores.values()))[places])
    if own.sampling == SAMPLED:
        probability = np.where(there, own.probability[places], np.nan)
        known = np.stack([soc, np.nan_to_num(probability)], axis=1)
        return probability, np.unique(known, axis=0, return_inverse=True)[1].ravel()
    share = np.bincount(soc, weights=there) / np.maximum(np.bincount(soc), 1)
    return np.where(there, share[soc], np.nan), soc
