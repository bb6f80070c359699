"""The raters: verdicts, agreement with labels and each other, cost and failures."""

from typing import NamedTuple

from scorer.domain.panel import PANEL
from scorer.domain.rating import Json
from scorer.store import ReleaseReader
from scorer.web.queries.occupation import Rows

ALPHA = "alpha_ordinal"
NOMINAL = "alpha_nominal"

_WORK = """
SELECT rater, rubric, count(*) AS n, count(*) FILTER (status = 'rated') AS n_rated,
    median(latency_ms) AS latency_ms, sum(cost_usd) AS cost_usd, count(*) FILTER (cost_usd IS NULL) AS n_unpriced,
    sum(input_tokens) AS input_tokens, sum(output_tokens) AS output_tokens,
    min(created_at) AS first_at, max(created_at) AS last_at
FROM rating GROUP BY ALL ORDER BY rubric, rater
"""
_STATUSES = """
SELECT rater, rubric, status, count(*) AS n FROM rating WHERE status <> 'rated' GROUP BY ALL ORDER BY n DESC, status
"""
_MODELS = """
SELECT rater, coalesce(served_model, 'not stated') AS served_model, system_fingerprint,
    min(created_at) AS first_at, max(created_at) AS last_at, count(*) AS n
FROM rating GROUP BY ALL ORDER BY rater, first_at
"""
_ALPHAS = """
SELECT rater, counterpart, rubric, metric, value, ci_low, ci_high, n, reason_undefined FROM agreement
WHERE stratum = 'all' AND metric IN ('alpha_ordinal', 'alpha_nominal') AND counterpart <> 'all raters'
ORDER BY rubric, rater, counterpart
"""
_BIASES = """
SELECT rater, counterpart, rubric, stratum, value, ci_low, ci_high, n FROM agreement
WHERE metric = 'bias' AND starts_with(stratum, 'soc:') AND value IS NOT NULL
    AND counterpart NOT IN (SELECT rater FROM rater)
    AND (rater = 'panel' OR rater IN (SELECT rater FROM rater)) ORDER BY rubric, rater, counterpart, stratum
"""
_VERDICTS = "SELECT * FROM verdict ORDER BY rubric, rater = 'panel' DESC, rater, label_set, level = 'all' DESC, level"
_VARIANCES = """
SELECT rubric, rater, measure, component, share, n_tasks, reason_undefined FROM variance
WHERE share IS NOT NULL ORDER BY rubric, rater = 'panel' DESC, rater, measure, share DESC
"""


class Heat(NamedTuple):
    """Agreement on one rubric as a square: rater down, counterpart across. cells: (rater, counterpart) -> row."""

    rubric: str
    metric: str
    down: list[str]
    across: list[str]
    cells: dict[tuple[str, str], Json]


class Biases(NamedTuple):
    """Rater minus label by SOC major group, on one rubric and label set. cells: (rater, group) -> row."""

    rubric: str
    counterpart: str
    raters: list[str]
    groups: list[str]
    cells: dict[tuple[str, str], Json]


class Raters(NamedTuple):
    """All that the page of the raters shows."""

    raters: Rows
    verdicts: Rows
    heats: list[Heat]
    biases: list[Biases]
    work: Rows
    statuses: Rows
    models: Rows
    variances: Rows


def read_raters(reader: ReleaseReader, tables: set[str]) -> Raters:
    """Read the raters of a release."""
    raters = reader.rows("SELECT * FROM rater ORDER BY rater")
    return Raters(
        raters=raters,
        verdicts=reader.rows(_VERDICTS),
        heats=_heats(reader.rows(_ALPHAS), {row["rater"] for row in raters}),
        biases=_biases(reader.rows(_BIASES)),
        work=reader.rows(_WORK),
        statuses=reader.rows(_STATUSES),
        models=read_models(reader),
        variances=reader.rows(_VARIANCES) if "variance" in tables else [],
    )


def read_models(reader: ReleaseReader) -> Rows:
    """Which model answered as which rater, from when to when, and how often."""
    return reader.rows(_MODELS)


def _heats(rows: Rows, known: set[str]) -> list[Heat]:
    """One square a rubric, of ordinal alpha; nominal alpha where the scale has no order.

    Down stand raters, panels and floors, then labellers that were compared with each other; across labellers first.
    """

    def is_person(name: str) -> bool:
        return name not in known and name.partition(":")[0] not in {PANEL, "floor"}

    heats = []
    for rubric in dict.fromkeys(row["rubric"] for row in rows):
        own = [row for row in rows if row["rubric"] == rubric]
        metric = ALPHA if any(row["metric"] == ALPHA for row in own) else NOMINAL
        cells = {(row["rater"], row["counterpart"]): row for row in own if row["metric"] == metric}
        raters = {rater for rater, _ in cells}
        cells |= {(other, rater): row for (rater, other), row in cells.items() if other in raters}
        names = sorted({other for _, other in cells}, key=lambda name: (not is_person(name), name))
        across = [one for one in names if not one.startswith("floor:")]
        down = sorted(raters, key=lambda name: (is_person(name), name))
        down = [rater for rater in down if any((rater, one) in cells for one in across)]
        heats.append(Heat(rubric, metric, down, across, cells))
    return heats


def _biases(rows: Rows) -> list[Biases]:
    found = []
    for rubric, counterpart in dict.fromkeys((row["rubric"], row["counterpart"]) for row in rows):
        own = [row for row in rows if (row["rubric"], row["counterpart"]) == (rubric, counterpart)]
        cells = {(row["rater"], row["stratum"]): row for row in own}
        raters, groups = sorted({rater for rater, _ in cells}), sorted({group for _, group in cells})
        found.append(Biases(rubric, counterpart, raters, groups, cells))
    return found
