"""scorer calibrate: a rater's log-probabilities, brought to what labellers say."""

from typing import Annotated

import typer

from scorer.cli.options import AsJson, Rubrics
from scorer.cli.show import note, show_table
from scorer.cli.state import bench_of
from scorer.workflows.evaluation.calibrate import FOLDS, calibrate

COLUMNS = (
    "rater",
    "rubric",
    "label_set",
    "labelled_by",
    "labelled_tasks",
    "occupations",
    "readings",
    "ratings",
    "new",
    "version",
)


def calibrate_command(
    context: typer.Context,
    rater: Annotated[
        str, typer.Option("--rater", metavar="NAME", help="The raw rater: one whose ratings have log-probabilities.")
    ],
    labels: Annotated[str, typer.Option("--labels", metavar="SET", help="The label set to calibrate on.")],
    rubric: Rubrics = None,
    folds: Annotated[
        int,
        typer.Option(
            min=2, metavar="N", help="Parts of the labelled occupations; each is scored by a model fitted without it."
        ),
    ] = FOLDS,
    seed: Annotated[int, typer.Option(metavar="N", help="Of the dealing of occupations into parts.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Make a calibrated Rater, R+cal, of a rater and labels. Nothing is asked; the raw ratings stay."""
    reports = calibrate(bench_of(context), rater, labels, rubric or (), folds=folds, seed=seed)
    rows = [
        (
            one.rater,
            one.rubric,
            one.label_set,
            one.calibration.labeller_kind.value,
            one.calibration.n_labelled,
            one.calibration.n_occupations,
            one.calibration.readings,
            len(one.calibration.ratings),
            one.added,
            one.calibration.version[:12],
        )
        for one in reports
    ]
    show_table("Calibrated ratings", COLUMNS, rows, as_json=as_json)
    for one in reports:
        for line in one.notes:
            note(f"{one.rater} on {one.rubric}: {line}")
