"""scorer compare, feed: what moved between two sides, and how much of it is model, rubric, text, weights or noise."""

from pathlib import Path
from typing import Annotated

import typer

from scorer.cli.options import AsJson
from scorer.cli.show import say, show_json, show_table
from scorer.cli.state import bench_of
from scorer.workflows.publication.compare import Compared, as_json, compare_views, write_page
from scorer.workflows.publication.feed import write_feed

SHOWN = 20
Side = Annotated[
    str,
    typer.Argument(
        help="A release (file, or id of a kept one), a rater or rubric version of results.duckdb, or an O*NET release."
    ),
]


def compare_command(
    context: typer.Context,
    first: Side,
    second: Side,
    rubric: Annotated[str | None, typer.Option("--rubric", metavar="NAME", help="Default: coverage.")] = None,
    rater: Annotated[str | None, typer.Option("--rater", metavar="NAME", help="Default: the panel.")] = None,
    measure: Annotated[
        str | None, typer.Option("--measure", metavar="NAME", help="Default: the rubric's primary one.")
    ] = None,
    html: Annotated[Path | None, typer.Option("--html", metavar="FILE", help="Also write one page for people.")] = None,
    markdown: Annotated[
        Path | None, typer.Option("--markdown", metavar="FILE", help="Also write a digest to mail or post.")
    ] = None,
    json_wanted: AsJson = False,
) -> None:
    """What moved between two sides. Each change is divided into model, rubric, text, weights and tasks."""
    compared = compare_views(bench_of(context), first, second, rubric=rubric, rater=rater, measure=measure)
    for path in filter(None, (html, markdown)):
        write_page(compared, path, as_html=path is html)
    if json_wanted:
        show_json(as_json(compared))
    else:
        _show(compared)
        for path in filter(None, (html, markdown)):
            say(f"{path} written")


def _show(compared: Compared) -> None:
    comparison = compared.comparison
    parts = [part for part in comparison.mean_parts() if part in comparison.factors or part == "tasks"]
    rows = [
        (
            move.occupation_code,
            compared.titles.get(move.occupation_code, ""),
            move.first,
            move.second,
            move.change,
            None if move.ci_low is None else f"[{move.ci_low:+.2f}, {move.ci_high:+.2f}]",
            move.is_mover,
            *(move.parts[part] for part in parts),
            move.n_shared,
        )
        for move in comparison.moves[:SHOWN]
    ]
    columns = ("occupation", "title", "first", "second", "change", "95 %", "beyond noise", *parts, "tasks shared")
    show_table(f"Largest changes, {comparison.first.name} to {comparison.second.name}", columns, rows, as_json=False)
    say(f"{len(comparison.moves)} occupations compared, {len(comparison.movers)} moved by more than noise")
    for part, mean in comparison.mean_parts().items():
        if part in parts:
            say(f"  of the mean change {comparison.mean_change():+.2f} from {part}: {mean:+.2f}")
    for reason in sorted({move.reason for move in comparison.moves if move.reason}):
        say(reason)
    for drift in comparison.noise.drifts:
        say(f"{drift.rater} moved by {drift.mean:+.2f} on {drift.n} texts rated again ({drift.occasion})")
    for reason, count in comparison.left_out.items():
        say(f"not compared: {count}, {reason}")


def feed_command(
    context: typer.Context,
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="Where the feed and its digests go.")],
    base_url: Annotated[
        str | None, typer.Option("--base-url", metavar="URL", help="Where DIR will stand, for absolute links.")
    ] = None,
    rubric: Annotated[str | None, typer.Option("--rubric", metavar="NAME", help="Default: coverage.")] = None,
) -> None:
    """An Atom feed and digests of the kept releases. Each says what moved since the one before."""
    for path in write_feed(bench_of(context), directory, base_url, rubric):
        say(f"{path} written")
