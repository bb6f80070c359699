"""Compare two versions of a rubric on the ratings and labels that the workspace has."""

from eval import RaterColumn, rater_column
from eval.rubric_comparison import RubricDifference, compare_rubrics
from scorer.domain.names import hint
from scorer.errors import ConfigurationError, LabelError
from scorer.workflows.sources.known_tasks import task_facts
from scorer.workflows.workspace.bench import Bench, rated_rubrics

SEED = 0


def compare_rated_rubrics(
    bench: Bench, first: str, second: str, label_set: str | None = None
) -> list[RubricDifference]:
    """Every rater that has answers on both rubrics, beside the labels on either.

    Args:
        bench: whose ratings and labels.
        first: `coverage@1`.
        second: `coverage@2`.
        label_set: one set; all where None.

    Raises:
        ConfigurationError: a rubric has no ratings, or no rater has rated both.
        LabelError: no labels, or other scales.
    """
    known = {rubric.id: rubric for rubric in rated_rubrics(bench)}
    for name in (first, second):
        if name not in known:
            raise ConfigurationError(f"no ratings on `{name}`{hint(name, known)}")
    if first == second:
        raise ConfigurationError(f"{first} cannot be compared with itself: name two versions")
    rubrics = known[first], known[second]
    answers = [bench.store.ratings.usable(rubric.id) for rubric in rubrics]
    raters = sorted({row.rater for row in answers[0]} & {row.rater for row in answers[1]})
    if not raters:
        raise ConfigurationError(f"no rater has rated on both: run `scorer rate --rubric {first} --rubric {second}`")

    def column(rater: str, place: int) -> RaterColumn:
        return rater_column(rater, rubrics[place], [row for row in answers[place] if row.rater == rater])

    both = [(column(rater, 0), column(rater, 1)) for rater in raters]
    sets = [one.name for one in bench.store.labels.sets()]
    if label_set is not None and label_set not in sets:
        raise LabelError(f"no label set `{label_set}`{hint(label_set, sets)}")
    labels = [label for rubric in rubrics for label in bench.store.labels.load(rubric.id, label_set)]
    return compare_rubrics(rubrics, both, labels, task_facts(bench), SEED)
