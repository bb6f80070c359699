"""Known answers: the published labels give the published figures, through the product; and their page."""

import csv

import known_answers
import published
import pytest
from published import HUMAN, R1, R2
from shared_data import needs_shared

from eval import LABEL_SET, PUBLISHED, read_gpt4_answers, read_published
from scorer.domain.base import sha256_text
from scorer.domain.evaluation import Decision
from scorer.errors import LabelError
from scorer.rubrics import load_rubric

pytestmark = [pytest.mark.shared, needs_shared]


@pytest.fixture(scope="module")
def tsv():
    return published.published_file("full_labelset.tsv")


@pytest.fixture(scope="module")
def evaluation():
    return published.evaluation()


@pytest.fixture(scope="module")
def sections():
    return list(known_answers.sections())


def test_every_published_figure_comes_out(sections):
    """Each figure of the page is the published one, to the digits it is printed with."""
    figures = [(section.title, figure) for section in sections for figure in section.figures]
    assert len(figures) > 90
    assert [(title, figure) for title, figure in figures if not figure.agrees] == []


def test_a_figure_that_misses_is_seen():
    """One in the last digit shown is a miss, what rounding leaves is none."""
    figure = known_answers.Figure("kappa", 0.4367, 0.43666, 4, 10)
    assert figure.agrees
    assert not figure._replace(ours=0.43664).agrees


def test_the_page_of_known_answers_is_what_comes_out_now(sections):
    """docs/known-answers.md is made again and is the same: `python tests/known_answers.py` writes it."""
    assert sections
    assert known_answers.PAGE.read_text(encoding="utf-8") == known_answers.page()


def test_every_pair_is_compared_on_all_tasks(evaluation):
    """Retired and unclassified tasks are evaluated too: n is 19,265."""
    pairs = [a for a in evaluation.agreements if a.rater != a.counterpart]
    assert {a.n for a in pairs if a.stratum == "all"} == {19265}
    assert not [note for note in evaluation.notes if "left out" in note]


def test_every_stratum_is_there_with_its_size(evaluation):
    """All, 22 SOC groups, three kinds and three lengths; the kinds have the sizes printed in the file."""
    sizes = {
        a.stratum: a.n
        for a in evaluation.agreements
        if a.rater == R1 and a.counterpart == HUMAN and a.metric == "kappa"
    }
    assert len(sizes) == 1 + 22 + 3 + 3
    assert {kind: n for kind, n in sizes.items() if "kind" in kind} == {
        "kind:core": 13225,
        "kind:supplemental": 4728,
        "kind:unclassified": 1312,
    }
    for family in ("soc", "length"):
        assert sum(n for stratum, n in sizes.items() if family in stratum) == 19265


def test_intervals_stand_around_their_values_or_say_why_not(evaluation):
    """Each interval holds its value; none in the two groups with fewer than ten occupations, with the reason."""
    for row in (row for row in evaluation.agreements if not row.rater.startswith("floor:")):
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
    assert "bias tested in 20 SOC groups" in " ".join(overall[R1].reasons)
    assert evaluation.panel == (R1, R2)


def test_labels_carry_the_hash_of_the_text_that_was_labelled(tsv):
    """The statement hash is that of the statement as printed, so that a reworded task is not compared."""
    with tsv.open(encoding="utf-8", newline="") as file:
        first = next(csv.DictReader(file, delimiter="\t"))
    label, *_ = published.labels()
    assert label.statement_sha256 == sha256_text(first["Task"])
    assert (label.task_id, label.labeller, label.labeller_kind) == ("8823", "human", "person")


def test_another_file_is_refused_by_its_columns(tsv):
    """The automation labels beside it are not the exposure labels; GPT-4 has no human column."""
    with pytest.raises(LabelError, match="human_exposure_agg"):
        read_published(tsv.with_name("automation_gpt4_human_labels.tsv"), PUBLISHED[LABEL_SET], load_rubric("exposure"))
    with pytest.raises(LabelError, match="no column of GPT-4 answers"):
        read_gpt4_answers(tsv, "human_exposure_agg")
