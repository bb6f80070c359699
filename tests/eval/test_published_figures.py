"""Known answers: the published human and GPT-4 exposure labels give the published agreement, through the product."""

import csv

import numpy as np
import pytest
from shared_data import SHARED, needs_shared

from eval import (
    GPT4_COLUMNS,
    PanelRequest,
    RaterColumn,
    TaskFacts,
    evaluate,
    load_policy,
    read_gpt4_answers,
    read_gpts_are_gpts,
)
from eval.agreement import pair
from eval.columns import Frame, encode_labels, encode_rater
from scorer.domain.base import sha256_text
from scorer.domain.catalogue import TaskKind, normal_task_id
from scorer.domain.evaluation import Decision
from scorer.domain.rubric import Level
from scorer.errors import LabelError
from scorer.statistics import krippendorff_alpha

pytestmark = [pytest.mark.shared, needs_shared]
KINDS = {"Core": TaskKind.CORE, "Supplemental": TaskKind.SUPPLEMENTAL, "": TaskKind.UNCLASSIFIED}
R1, R2 = GPT4_COLUMNS
HUMAN = "gpts-are-gpts/human"


@pytest.fixture(scope="module")
def tsv():
    return SHARED / "data" / "labels" / "gpts_are_gpts" / "full_labelset.tsv"


@pytest.fixture(scope="module")
def tasks(tsv):
    with tsv.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return {normal_task_id(r["Task ID"]): TaskFacts(r["O*NET-SOC Code"], KINDS[r["Task Type"]]) for r in rows}


@pytest.fixture(scope="module")
def labels(tsv, exposure):
    reading = read_gpts_are_gpts(tsv, exposure)
    assert not reading.refused
    return reading.labels


@pytest.fixture(scope="module")
def evaluation(tsv, tasks, labels, exposure):
    raters = [RaterColumn(column, dict(read_gpt4_answers(tsv, column))) for column in GPT4_COLUMNS]
    return evaluate(exposure, raters, labels, tasks, load_policy("default"), panel=PanelRequest())


@pytest.fixture(scope="module")
def values(evaluation):
    return {(a.rater, a.counterpart, a.stratum, a.metric): a.value for a in evaluation.agreements}


@pytest.fixture(scope="module")
def columns(tsv, tasks, labels, exposure):
    frame = Frame(tasks, tasks)
    raters = [RaterColumn(column, dict(read_gpt4_answers(tsv, column))) for column in GPT4_COLUMNS]
    return [encode_labels(frame, exposure, HUMAN, labels), *(encode_rater(frame, exposure, r) for r in raters)]


PUBLISHED = {
    (R1, HUMAN): (0.8078, 0.2226, 0.6564, 0.5908, 0.8209, 0.6544, 0.4367, 0.5054, 0.5866, 0.4328, 0.6288, 0.5854),
    (R2, HUMAN): (0.8179, 0.2210, 0.6592, 0.5376, 0.7950, 0.5886, 0.4096, 0.4682, 0.5339, 0.4086, 0.5760, 0.5325),
    (R1, R2): (0.9112, 0.6112, 0.7603, 0.7054, 0.8242, 0.6804, 0.6011, 0.6406, 0.6878, 0.5954, 0.6788, 0.6839),
}
METRICS = (
    "raw_agreement@alpha", "pearson@alpha", "raw_agreement", "pearson", "raw_agreement@zeta", "pearson@zeta",
    "kappa", "kappa_linear", "kappa_quadratic", "alpha_nominal", "alpha_ordinal", "alpha_interval",
)  # fmt: skip


@pytest.mark.parametrize("couple", PUBLISHED)
def test_the_three_pairs_agree_as_published(values, couple):
    """Twelve coefficients of three pairs on 19,265 tasks, to four digits."""
    assert tuple(round(values[*couple, "all", metric], 4) for metric in METRICS) == PUBLISHED[couple]


def test_every_pair_is_compared_on_all_tasks(evaluation):
    """Retired and unclassified tasks are evaluated too: n is 19,265."""
    assert {a.n for a in evaluation.agreements if a.stratum == "all"} == {19265}
    assert not evaluation.notes


def test_gwets_ac1_is_the_known_one(values):
    """AC1 of the human labels and GPT-4 is .5071."""
    assert round(values[R1, HUMAN, "all", "ac1"], 4) == 0.5071


def test_the_confusion_matrix_is_the_known_one(columns):
    """Human by GPT-4, in the order E0 < E2 < E1 of the scale."""
    human, gpt4, _ = columns
    assert pair(human, gpt4).confusion.astype(int).tolist() == [[7683, 2242, 331], [676, 4031, 1440], [202, 1729, 931]]


def test_three_raters_together_have_the_known_alpha(columns):
    """Krippendorff's alpha of human, GPT-4 and GPT-4 with the other rubric: .4805, .6287, .6005."""
    counts = sum(column.shares for column in columns)
    found = [round(krippendorff_alpha(counts, level, np.array([0, 0.5, 1])), 4) for level in Level]
    assert found == [0.4805, 0.6287, 0.6005]


def test_the_means_are_the_known_ones(columns, exposure):
    """Mean alpha, beta, zeta of the human labels and of GPT-4."""
    means = [
        [
            round(float(np.mean(column.shares @ [exposure.number(v, m) for v in exposure.ordered_values])), 4)
            for m in ("alpha", "beta", "zeta")
        ]
        for column in columns[:2]
    ]
    assert means == [[0.1486, 0.3081, 0.4676], [0.1403, 0.3479, 0.5556]]


def test_bias_by_group_is_the_known_one(values):
    """GPT-4 minus human in beta: most generous in computing (15), sternest in community work (21)."""
    known = {15: 0.145, 43: 0.123, 27: 0.098, 31: 0.094, 23: 0.076, 41: -0.024, 19: -0.024, 21: -0.039}
    assert {group: round(values[R1, HUMAN, f"soc:{group}", "bias"], 3) for group in known} == known


def test_every_stratum_is_there_with_its_size(evaluation):
    """All, 22 SOC groups and three kinds; the kinds have the sizes printed in the file."""
    sizes = {
        a.stratum: a.n
        for a in evaluation.agreements
        if a.rater == R1 and a.counterpart == HUMAN and a.metric == "kappa"
    }
    assert len(sizes) == 1 + 22 + 3
    assert {kind: n for kind, n in sizes.items() if "kind" in kind} == {
        "kind:core": 13225,
        "kind:supplemental": 4728,
        "kind:unclassified": 1312,
    }
    assert sum(n for stratum, n in sizes.items() if "soc" in stratum) == 19265


def test_intervals_stand_around_their_values_or_say_why_not(evaluation):
    """Each interval holds its value; none in the two groups with fewer than ten occupations, with the reason."""
    for row in evaluation.agreements:
        if row.ci_low is None:
            assert row.stratum in {"soc:23", "soc:37"}
            assert row.reason_undefined == "too few occupations for an interval"
        else:
            assert row.ci_low <= row.value <= row.ci_high
            assert row.reason_undefined is None


def test_the_published_raters_and_their_panel_pass(evaluation):
    """Both GPT-4 columns and the panel of both pass the default gate, and the reasons carry the evidence."""
    overall = {v.rater: v for v in evaluation.verdicts if v.level == "all"}
    assert {rater: v.decision for rater, v in overall.items()} == dict.fromkeys([R1, R2, "panel"], Decision.PASS)
    assert "alpha_ordinal .63 [.61, .64] on 19265 tasks labelled by persons: above the floor .25" in overall[R1].reasons
    assert evaluation.panel == (R1, R2)


def test_labels_carry_the_hash_of_the_text_that_was_labelled(tsv, labels):
    """The statement hash is that of the statement as printed, so that a reworded task is not compared."""
    with tsv.open(encoding="utf-8", newline="") as file:
        first = next(csv.DictReader(file, delimiter="\t"))
    assert labels[0].statement_sha256 == sha256_text(first["Task"])
    assert (labels[0].task_id, labels[0].labeller, labels[0].labeller_kind) == ("8823", "human", "person")


def test_another_file_is_refused_by_its_columns(tsv, exposure):
    """The automation labels beside it are not the exposure labels; GPT-4 has no human column."""
    with pytest.raises(LabelError, match="human_exposure_agg"):
        read_gpts_are_gpts(tsv.with_name("automation_gpt4_human_labels.tsv"), exposure)
    with pytest.raises(LabelError, match="no column of GPT-4 answers"):
        read_gpt4_answers(tsv, "human_exposure_agg")
