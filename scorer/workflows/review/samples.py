"""Label a drawn sample task by task. These labels count, each with the chance that its task had to be drawn.

The labeller sees the task and the question and nothing else, before and after: what raters said about one task would
colour the labels of the next.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from scorer.domain.evaluation import Label, LabellerKind, LabelOrigin
from scorer.domain.names import hint
from scorer.domain.review import Answer
from scorer.domain.review_cases import BlindCard, SampleCard, SampleLine
from scorer.domain.rubric import Rubric
from scorer.domain.uncertainty import LabelDraw
from scorer.errors import CatalogueError, LabelError
from scorer.store import LabelSource
from scorer.workflows.review.cases import checked_category, checked_name, checked_text
from scorer.workflows.workspace.bench import Bench


class _Sample(NamedTuple):
    draws: Sequence[LabelDraw]
    rubric: Rubric
    labels: Sequence[Label]

    def labelled_by(self, labeller: str) -> set[str]:
        return {label.task_id for label in self.labels if label.labeller == labeller}


def list_samples(bench: Bench) -> list[SampleLine]:
    """Every sample that was drawn here, by id."""
    ids = dict.fromkeys(draw.sample_id for draw in bench.store.labels.samples())
    return [_line(_sample(bench, one)) for one in ids]


def next_draw(bench: Bench, sample_id: str, labeller: str, after: int = 0) -> SampleCard | None:
    """The first task on the sheet that this labeller has not labelled; None when all are.

    Args:
        bench: the workspace.
        sample_id: as `scorer labels sample` printed it.
        labeller: who asks.
        after: pass over so many tasks, to come back to them.

    Raises:
        LabelError: no such sample, or a bad name.
        CatalogueError: the release it was drawn from is not here, or no longer has the task.
    """
    sample = _sample(bench, sample_id)
    done = sample.labelled_by(checked_name(labeller))
    left = [draw for draw in sample.draws if draw.task_id not in done]
    if after >= len(left):
        return None
    draw = left[after]
    return SampleCard(sample_id, _card(bench, sample.rubric, draw), draw.place, len(sample.draws), len(done))


def label_draw(bench: Bench, sample_id: str, task_id: str, said: Answer) -> bool:
    """Keep a label about a drawn task; said again otherwise, the later one counts and the earlier one stays.

    It enters the set that has labels of this sample already (a sheet that was imported), else one named as the sample.

    Returns:
        Whether it says anything new.

    Raises:
        LabelError: no such sample, it did not draw the task, or a bad name, category or note.
    """
    sample = _sample(bench, sample_id)
    draw = next((one for one in sample.draws if one.task_id == task_id), None)
    if draw is None:
        raise LabelError(f"sample `{sample_id}` of this workspace did not draw task `{task_id}`")
    category = checked_category(sample.rubric, said.category)
    sets = Counter(label.label_set for label in sample.labels).most_common(1)
    label_set = sets[0][0] if sets else sample_id
    label = Label(
        label_set=label_set,
        task_id=task_id,
        rubric=draw.rubric,
        labeller=checked_name(said.reviewer),
        labeller_kind=LabellerKind.PERSON,
        origin=LabelOrigin.SAMPLE,
        sample_id=sample_id,
        inclusion_probability=draw.inclusion_probability,
        category=category,
        score=sample.rubric.number(category),
        note=checked_text(said.reason),
        statement_sha256=_card(bench, sample.rubric, draw).task.statement_sha256,
        created_at=datetime.now(UTC),
    )
    return bool(bench.store.labels.add(label_set, [label], LabelSource(source=f"sample {sample_id}", kind="sample")))


def _sample(bench: Bench, sample_id: str) -> _Sample:
    known = bench.store.labels.samples()
    draws = sorted((one for one in known if one.sample_id == sample_id), key=lambda one: one.place)
    if not draws:
        names = sorted({one.sample_id for one in known})
        raise LabelError(
            f"no sample `{sample_id}` was drawn here{hint(sample_id, names)}; `scorer labels sample` draws one"
        )
    rubric = bench.store.rubrics.all()[draws[0].rubric]
    labels = [one for one in bench.store.labels.load(rubric.id) if one.sample_id == sample_id]
    return _Sample(draws, rubric, labels)


def _line(sample: _Sample) -> SampleLine:
    first = sample.draws[0]
    labelled = Counter(label.labeller for label in sample.labels)
    return SampleLine(first.sample_id, first.rubric, first.onet_release, len(sample.draws), dict(labelled))


def _card(bench: Bench, rubric: Rubric, draw: LabelDraw) -> BlindCard:
    release = bench.store.catalogue.load(draw.onet_release)
    task = next((one for one in release.tasks if one.task_id == draw.task_id), None)
    if task is None:
        raise CatalogueError(
            f"task `{draw.task_id}` of sample {draw.sample_id} is not in {release.name}: import the custom occupation "
            "that has it again"
        )
    occupation = next(one for one in release.occupations if one.occupation_code == task.occupation_code)
    return BlindCard(rubric, task, occupation)
