"""Draws tasks to be labelled, each with a known chance, so that few labels can speak for all tasks.

Every SOC major group gets the same number of labels as far as it has tasks, since a group needs some of its own to be
judged by. Where raters have answered, a group's labels go to tasks on which they differ `APART_WEIGHT` times as densely
as to the others: a label says most there. The chance is stored with the task, and whoever averages counts a label one
over its chance times; so a sample of quarrels is still a sample of tasks. Refuses a sample that leaves a stratum empty.
"""

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from scorer.domain.base import sha256_json
from scorer.domain.catalogue import OnetRelease, Task
from scorer.domain.rubric import Rubric
from scorer.domain.uncertainty import LabelDraw
from scorer.errors import LabelError

APART_WEIGHT = 3.0
AGREED, APART, UNKNOWN = "agreed", "apart", "unrated"


def draw_labels(
    release: OnetRelease, rubric: Rubric, n: int, seed: int, spreads: Mapping[str, float] | None = None
) -> list[LabelDraw]:
    """Draw n tasks of a release.

    Within a stratum tasks are taken in the order of sha256("seed:task_id"): simple random sampling that anybody can
    repeat. The same release, spreads, n and seed give the same sample under the same id.

    Args:
        release: all of its tasks may be drawn.
        rubric: to label on.
        n: how many; all tasks where there are fewer.
        seed: another seed is another draw.
        spreads: task_id -> highest minus lowest rater, of tasks that two raters or more have rated; None draws by SOC
            major group alone.

    Returns:
        The draws in the order of the sheet, which mixes the strata.

    Raises:
        LabelError: n does not reach for every stratum.
    """
    strata: defaultdict[str, list[str]] = defaultdict(list)
    for task in release.tasks:
        strata[_stratum(task, spreads)].append(task.task_id)
    if n < len(strata):
        raise LabelError(
            f"{n} tasks cannot be spread over {len(strata)} strata, and a stratum without a label speaks for nobody: "
            f"ask for {len(strata)} or more"
        )
    drawn = [
        (task_id, stratum, size / len(strata[stratum]))
        for stratum, size in _sizes({name: len(own) for name, own in strata.items()}, n).items()
        for task_id in sorted(strata[stratum], key=lambda task_id: _rank(seed, task_id))[:size]
    ]
    return _sheet(release, rubric, seed, spreads or {}, sorted(drawn, key=lambda one: _rank(seed, f"sheet:{one[0]}")))


def _sheet(
    release: OnetRelease,
    rubric: Rubric,
    seed: int,
    spreads: Mapping[str, float],
    drawn: Sequence[tuple[str, str, float]],
) -> list[LabelDraw]:
    """Tasks with stratum and chance, in the order of the sheet, as draws of one sample."""
    sample_id = f"{rubric.name}-{len(drawn)}-{sha256_json([release.sha256, rubric.id, seed, drawn])[:8]}"
    now = datetime.now(UTC)
    return [
        LabelDraw(
            sample_id=sample_id,
            rubric=rubric.id,
            onet_release=release.name,
            task_id=task_id,
            stratum=stratum,
            inclusion_probability=chance,
            spread=spreads.get(task_id),
            seed=seed,
            place=place,
            drawn_at=now,
        )
        for place, (task_id, stratum, chance) in enumerate(drawn, start=1)
    ]


def _stratum(task: Task, spreads: Mapping[str, float] | None) -> str:
    if spreads is None:
        return task.major_group
    spread = spreads.get(task.task_id)
    return f"{task.major_group}/{UNKNOWN if spread is None else APART if spread > 0 else AGREED}"


def _sizes(strata: Mapping[str, int], n: int) -> dict[str, int]:
    """How many to draw from each stratum: one each, then always where the share drawn is furthest behind what is due.

    Due are equal numbers to the groups, and within a group numbers in proportion to tasks, those apart counted
    `APART_WEIGHT` times.
    """
    wanted = {name: size * (APART_WEIGHT if name.endswith(f"/{APART}") else 1.0) for name, size in strata.items()}
    in_group: defaultdict[str, float] = defaultdict(float)
    for name, want in wanted.items():
        in_group[name[:2]] += want
    sizes = dict.fromkeys(sorted(strata), 1)
    for _ in range(min(n, sum(strata.values())) - len(sizes)):
        open_ones = [name for name, size in sizes.items() if size < strata[name]]
        sizes[min(open_ones, key=lambda name: (sizes[name] * in_group[name[:2]] / wanted[name], name))] += 1
    return sizes


def _rank(seed: int, name: str) -> str:
    return hashlib.sha256(f"{seed}:{name}".encode()).hexdigest()
