"""Known answers: figures of the literature beside what the product makes of the same public labels, and their page.

`python tests/known_answers.py` writes docs/known-answers.md; a test holds the page and every figure on it. The labels
are read from beside the project, never from it.
"""

import sys
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from published import (
    E2_COUNTS,
    HUMAN,
    R1,
    R2,
    automation,
    columns,
    differences,
    evaluation,
    labels,
    over_occupations,
    raters,
)
from shared_data import REPOSITORY, SHARED

from eval.agreement import pair
from eval.together import consistency, joint_alphas
from scorer.domain.rubric import Level
from scorer.rubrics import load_rubric
from scorer.statistics import dawid_skene, ppi_mean

PAGE = REPOSITORY / "docs" / "known-answers.md"
ROUNDING = 1e-9


class Figure(NamedTuple):
    """A published figure and ours; `digits` to which they must agree, `n` tasks or whatever else is counted."""

    what: str
    published: float
    ours: float
    digits: int
    n: int

    @property
    def agrees(self) -> bool:
        """Whether ours is the published one, as far as it is printed."""
        return abs(round(self.ours, self.digits) - self.published) < 0.1**self.digits / 1e3


class Section(NamedTuple):
    """Some figures under one heading, with a sentence about them."""

    title: str
    about: str
    figures: list[Figure]


def sections() -> Iterator[Section]:
    """Every section of the page, in its order."""
    yield from (pairs(), together(), confusion(), means(), bias_by_group(), same_statement())
    yield from (automation_labels(), occupations(), what_e2_counts(), consensus(), corrected_mean())


COEFFICIENTS = {
    "raw_agreement@alpha": "alpha, agreement", "pearson@alpha": "alpha, r", "raw_agreement": "beta, agreement",
    "pearson": "beta, r", "raw_agreement@zeta": "zeta, agreement", "pearson@zeta": "zeta, r", "kappa": "kappa",
    "kappa_linear": "kappa, linear weights", "kappa_quadratic": "kappa, quadratic weights",
    "alpha_nominal": "Krippendorff, nominal", "alpha_ordinal": "Krippendorff, ordinal",
    "alpha_interval": "Krippendorff, interval",
}  # fmt: skip
PUBLISHED_PAIRS = {
    ("human, r1", R1, HUMAN): (.8078, .2226, .6564, .5908, .8209, .6544, .4367, .5054, .5866, .4328, .6288, .5854),
    ("human, r2", R2, HUMAN): (.8179, .2210, .6592, .5376, .7950, .5886, .4096, .4682, .5339, .4086, .5760, .5325),
    ("r1, r2", R1, R2): (.9112, .6112, .7603, .7054, .8242, .6804, .6011, .6406, .6878, .5954, .6788, .6839),
}  # fmt: skip


def pairs() -> Section:
    """Twelve coefficients of three pairs."""
    found = {(a.rater, a.counterpart, a.metric): a for a in evaluation().agreements if a.stratum == "all"}
    figures = [
        Figure(f"{names}: {words}", published, found[first, second, metric].value, 4, found[first, second, metric].n)
        for (names, first, second), row in PUBLISHED_PAIRS.items()
        for (metric, words), published in zip(COEFFICIENTS.items(), row, strict=True)
    ]
    ac1 = found[R1, HUMAN, "ac1"]
    about = "Each task as often as it is printed, unweighted. The order of the categories is E0 < E2 < E1."
    return Section("Two at a time", about, [*figures, Figure("human, r1: Gwet's AC1", 0.5071, ac1.value, 4, ac1.n)])


def together() -> Section:
    """Alpha of the three."""
    frame, three = columns()
    found, n = joint_alphas(three, frame, load_rubric("exposure"), seed=0)
    published = dict(zip(Level, (0.4805, 0.6287, 0.6005), strict=True))
    figures = [Figure(f"Krippendorff, {level}", published[level], found[level].value, 4, n) for level in Level]
    return Section("All three together", "Krippendorff's alpha of human, r1 and r2.", figures)


def confusion() -> Section:
    """The table of human and r1."""
    _, (human, r1, _) = columns()
    table = pair(human, r1).confusion
    published = {"E0": (7683, 331, 2242), "E1": (202, 931, 1729), "E2": (676, 1440, 4031)}
    place = {value: rank for rank, value in enumerate(load_rubric("exposure").ordered_values)}
    figures = [
        Figure(f"human {said}, r1 {other}", count, float(table[place[said], place[other]]), 0, int(table.sum()))
        for said, counts in published.items()
        for other, count in zip(published, counts, strict=True)
    ]
    return Section("Who says what", "Number of tasks.", figures)


def means() -> Section:
    """Mean of each measure."""
    _, (human, r1, _) = columns()
    rubric = load_rubric("exposure")
    published = {"human": (0.1486, 0.3081, 0.4676), "r1": (0.1403, 0.3479, 0.5556)}
    figures = [
        Figure(f"{name}, {measure}", figure, float(np.mean(column.shares @ numbers)), 4, len(column.shares))
        for (name, row), column in zip(published.items(), (human, r1), strict=True)
        for figure, measure in zip(row, ("alpha", "beta", "zeta"), strict=True)
        if (numbers := [rubric.number(value, measure) for value in rubric.ordered_values])
    ]
    return Section("Means over tasks", "alpha counts E1, beta half of E2 too, zeta all of it.", figures)


def bias_by_group() -> Section:
    """r1 minus human in beta by SOC major group."""
    published = {15: 0.145, 43: 0.123, 27: 0.098, 31: 0.094, 23: 0.076, 41: -0.024, 19: -0.024, 21: -0.039}
    found = {a.stratum: a for a in evaluation().agreements if (a.rater, a.counterpart, a.metric) == (R1, HUMAN, "bias")}
    figures = [Figure(f"SOC {g}", b, found[f"soc:{g}"].value, 3, found[f"soc:{g}"].n) for g, b in published.items()]
    return Section("Bias by SOC group", "r1 minus human, in beta.", figures)


def same_statement() -> Section:
    """Pairs of tasks with one text."""
    _, three = columns()
    rubric, figures = load_rubric("exposure"), []
    texts = Counter(three[0].texts)
    several = sum(1 for tasks in texts.values() if tasks > 1)
    for (name, published), column in zip({"human": 0.888, "r1": 0.909, "r2": 0.776}.items(), three, strict=True):
        (row,) = consistency(column, rubric, seed=0)
        figures += [Figure(f"{name}: same answer", published, row.value, 3, row.n)]
    figures += [Figure("statements", 407, several, 0, len(texts)), Figure("pairs of tasks", 11_348, row.n, 0, row.n)]
    about = "How often two tasks of one text have one answer; n counts pairs, or different statements."
    return Section("The same statement under several occupations", about, figures)


def automation_labels() -> Section:
    """People and GPT-4 on T0 to T4."""
    _, table, found = automation()
    n = int(table.sum())
    within_one = sum(float(np.trace(table, offset=k)) for k in (-1, 0, 1)) / n
    apart = (a for a in found.agreements if a.rater != a.counterpart and not a.rater.startswith("floor:"))
    values = {a.metric: a.value for a in apart if a.stratum == "all"}
    published = {"raw_agreement": (0.65, 2), "pearson": (0.8, 3), "kappa": (0.538, 3), "kappa_quadratic": (0.784, 3)}
    figures = [Figure(name.replace("_", " "), of, values[name], digits, n) for name, (of, digits) in published.items()]
    about = "A hundred tasks that people judged from T0 to T4, beside GPT-4."
    return Section("Automation", about, [*figures, Figure("within one category", 0.96, within_one, 2, n)])


def occupations() -> Section:
    """The published table of occupations."""
    core2, equal = differences("core2"), differences("equal")
    figures = [
        Figure("cells of the table compared", 923 * 6, len(core2), 0, 923),
        Figure("largest difference, weights `core2`", 0, max(core2), 9, len(core2)),
        Figure("largest difference, equal weights", 0.133, max(equal), 3, len(equal)),
    ]
    for measure, published in {"alpha": 0.4347, "beta": 0.8762, "zeta": 0.9133}.items():
        r = np.corrcoef(over_occupations(measure, "human"), over_occupations(measure))[0, 1]
        figures += [Figure(f"r of human and r1 in {measure}", published, float(r), 4, 923)]
    for weights, published in {"equal": 35, "core2": 41}.items():
        above = (over_occupations("alpha", weights=weights) > 0.5 + ROUNDING).sum()
        figures += [Figure(f"occupations with more than half E1 by r1, `{weights}`", published, int(above), 0, 923)]
    about = "All occupations of the published table, made again from the labels of their tasks."
    return Section("Occupations", about, figures)


def what_e2_counts() -> Section:
    """Mean and shares as E2 counts from nothing to as much as E1."""
    published = {
        "mean": (0.142, 0.243, 0.345, 0.446, 0.548),
        "share at .5 or more, %": (4.7, 8.0, 27.1, 48.1, 56.4),
        "share above .5, %": (4.4, 7.3, 23.1, 47.5, 55.4),
    }
    figures = []
    for place, (measure, counts) in enumerate(E2_COUNTS.items()):
        x = over_occupations(measure)
        ours = (x.mean(), 100 * (x >= 0.5 - ROUNDING).mean(), 100 * (x > 0.5 + ROUNDING).mean())
        figures += [
            Figure(f"E2 counts {counts:g}: {words}", row[place], float(own), 3 if words == "mean" else 1, len(x))
            for (words, row), own in zip(published.items(), ours, strict=True)
        ]
    about = "Scores of r1 over occupations, weights `core2`. Cut-offs are compared with a tolerance of 1e-9."
    return Section("What E2 counts", about, figures)


def consensus() -> Section:
    """Dawid and Skene's consensus of the three."""
    _, three = columns()
    found = dawid_skene(np.stack([column.shares for column in three], axis=1))
    order, n = load_rubric("exposure").ordered_values, len(found.posterior)
    figures = [
        Figure(f"tasks {value}", count, int((found.category == order.index(value)).sum()), 0, n)
        for value, count in {"E0": 9829, "E2": 7662, "E1": 1774}.items()
    ]
    same = float((found.category == three[0].shares.argmax(axis=1)).mean())
    about = "EM from the majority vote, without smoothing, to the end: at 20 iterations it still says otherwise."
    return Section("Dawid and Skene", about, [*figures, Figure("agreement with human", 0.7474, same, 4, n)])


def corrected_mean() -> Section:
    """The mean human beta from 200 labels and all answers of r1."""
    rubric, answers = load_rubric("exposure"), raters()[0].answers
    said = np.array([label.score for label in labels()])
    rated = np.array([rubric.number(answers[label.task_id]) for label in labels()])
    drawn = np.random.default_rng(0).permutation(len(said))
    known, others = drawn[:200], drawn[200:]
    found = ppi_mean(said[known], rated[known], rated[others])
    alone = ppi_mean(said[known], np.zeros(200), np.zeros(len(others)))
    figures = [
        Figure("PPI++ mean", 0.29183, found.value, 5, 200),
        Figure("PPI++ mean, low end", 0.24912, found.interval.low, 5, 200),
        Figure("PPI++ mean, high end", 0.33453, found.interval.high, 5, 200),
        Figure("labels alone, low end", 0.23118, alone.interval.low, 5, 200),
        Figure("labels alone, high end", 0.32882, alone.interval.high, 5, 200),
    ]
    about = (
        "Mean human beta from 200 labels and the answers of r1 about all tasks; 95 %. The mean of all labels is .3081."
    )
    return Section("A mean corrected by labels", about, figures)


HEAD = """# Known answers

Figures of the literature, and what this project makes of the same public labels: 19,265 O\\*NET tasks with a human
label and two by GPT-4 (`r1`, and `r2` with another rubric), and 923 occupations (Eloundou, Manning, Mishkin and Rock
2023; Science 384, 2024). Everything passes through the code that evaluates and aggregates a user's own ratings. The
page is made by `python tests/known_answers.py`; the tests make it again and hold every figure to the digits shown.
"""


def page() -> str:
    """docs/known-answers.md, as it must stand."""
    return HEAD + "".join(map(_section, sections()))


def _section(section: Section) -> str:
    lines = [f"| {f.what} | {_shown(f.published, f)} | {_shown(f.ours, f)} | {f.n:,} |" for f in section.figures]
    table = "\n".join(["| figure | published | here | n |", "|---|---|---|---|", *lines])
    return f"\n## {section.title}\n\n{section.about}\n\n{table}\n"


def _shown(value: float, figure: Figure) -> str:
    digits = min(figure.digits, 5)
    return f"{value:,.{digits}f}"


if __name__ == "__main__":
    if SHARED is None:
        sys.exit("the public labels are not beside the project: see SCORER_SHARED in tests/shared_data.py")
    PAGE.write_text(page(), encoding="utf-8")
