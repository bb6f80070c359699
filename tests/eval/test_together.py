"""More than two together, and one with itself: joint alpha, repeats, equal statements; strata by evidence, length."""

import time
from types import SimpleNamespace

import krippendorff
import numpy as np
import pytest

from eval import RaterColumn, evaluate, load_policy, rater_column
from eval.columns import Column, Frame, TaskFacts, encode_rater
from eval.together import ALL_RATERS, SAME_STATEMENT, joint_alphas
from scorer.domain.rating import Status
from scorer.domain.rubric import Level


@pytest.fixture(scope="module")
def small(worlds):
    return worlds(seed=3, occupations=3)


@pytest.fixture(scope="module")
def policy():
    return load_policy("default")


def rows(evaluation, **wanted):
    return [a for a in evaluation.agreements if all(getattr(a, name) == value for name, value in wanted.items())]


def test_three_raters_together_have_the_alpha_of_the_krippendorff_package(small, coverage, policy):
    """Answers missing or not, at every level, and in a SOC group by itself; two raters have their pair only."""
    rng = np.random.default_rng(0)
    ranks = np.array([np.where(rng.random(300) < 0.2, -1, small.noisy(rng)) for _ in range(3)])
    raters = [small.rater(coverage, name, own) for name, own in zip("abc", ranks, strict=True)]
    found = evaluate(coverage, raters, [], small.tasks, policy)
    answers = np.where(ranks < 0, np.nan, ranks * 25.0)
    for level in Level:
        (row,) = rows(found, rater=ALL_RATERS, counterpart=ALL_RATERS, metric=f"alpha_{level}", stratum="all")
        theirs = krippendorff.alpha(answers, level_of_measurement=level.value, value_domain=np.arange(5) * 25.0)
        assert row.value == pytest.approx(theirs, abs=1e-10)
        assert row.ci_low < row.value < row.ci_high
        (group,) = rows(found, rater=ALL_RATERS, metric=f"alpha_{level}", stratum="soc:11")
        assert group.n < 16
    assert rows(evaluate(coverage, raters[:2], [], small.tasks, policy), rater=ALL_RATERS) == []


def test_people_among_themselves_are_the_ceiling(small, coverage, policy):
    """Two labellers of a set have a row of the set beside itself, with an interval: alpha of the people alone."""
    rng = np.random.default_rng(1)
    labels = [label for name in ("ann", "bob") for label in small.labels(coverage, name, ranks=small.noisy(rng))]
    found = evaluate(coverage, [], labels, small.tasks, policy)
    (row,) = rows(found, rater="people", counterpart="people", metric="alpha_ordinal", stratum="all")
    (pair,) = rows(found, rater="people/ann", counterpart="people/bob", metric="alpha_ordinal", stratum="all")
    assert row.value == pytest.approx(pair.value)
    assert row.ci_low < row.value < row.ci_high


def test_two_thousand_draws_of_alpha_cost_less_than_thirty_single_alphas_elsewhere(coverage):
    """20,000 tasks x 5 raters in 923 occupations: a bootstrap of sums is not a bootstrap of tasks."""
    rng = np.random.default_rng(2)
    tasks = {str(i): TaskFacts(f"{11 + 2 * (i % 923 % 20)}-{1000 + i % 923}.00") for i in range(20_000)}
    frame = Frame(tasks, tasks)
    truth = rng.integers(0, 5, 20_000)
    answers = [np.where(rng.random(20_000) < 0.6, truth, rng.integers(0, 5, 20_000)) for _ in range(5)]
    n, said = len(truth), np.ones(20_000, dtype=bool)
    columns = [Column("", np.eye(5)[own], np.zeros(n, "U64"), np.ones(n), said, ~said) for own in answers]
    joint_alphas(columns, frame, coverage, seed=0)

    def seconds(call):
        start = time.process_time()
        call()
        return time.process_time() - start

    matrix = np.array(answers, dtype=float)
    theirs = min(seconds(lambda: krippendorff.alpha(matrix, level_of_measurement="ordinal")) for _ in range(3))
    ours = min(seconds(lambda: joint_alphas(columns, frame, coverage, seed=0)) for _ in range(3))
    print(f"2,000 draws at three levels: {1000 * ours:.0f} ms; one ordinal alpha elsewhere: {1000 * theirs:.0f} ms")  # noqa: T201 - for the log
    assert ours < 30 * theirs


def rating(task, category, repeat=0, variant="base", evidence=None):
    status = Status.RATED if category else Status.FAILED
    return SimpleNamespace(
        task_id=task, category=category, status=status, variant=variant, repeat=repeat, evidence=evidence,
        statement_sha256=None,
    )  # fmt: skip


def test_repeats_have_an_icc_and_other_wordings_are_no_repeats(small, coverage, policy):
    """Two repeats of every task in the rubric's own wording; a failed one leaves its task out, variants don't count."""
    rng = np.random.default_rng(4)
    order, ratings = coverage.ordered_values, []
    for place, task in enumerate(small.tasks):
        first, second = order[small.truth[place]], order[small.noisy(rng)[place]]
        ratings += [rating(task, first), rating(task, second if place >= 10 else None, repeat=1)]
        ratings += [rating(task, "0", variant="reversed")]
    found = evaluate(coverage, [rater_column("a", coverage, ratings)], [], small.tasks, policy)
    (row,) = rows(found, metric="icc")
    assert (row.rater, row.counterpart, row.stratum, row.n) == ("a", "a", "all", 290)
    assert 0.7 < row.ci_low < row.value < row.ci_high < 1


def test_one_answer_a_task_has_no_icc(small, coverage, policy):
    """Without repeats there is no row, rather than a made-up one."""
    column = rater_column("a", coverage, [rating(task, "50") for task in small.tasks])
    assert rows(evaluate(coverage, [column], [], small.tasks, policy), metric="icc") == []


def test_equal_statements_show_whether_a_rater_is_consistent(small, coverage, policy):
    """Pairs of one text: 30 texts of 10 tasks each; a rater that answers by the text agrees with itself always."""
    tasks = list(small.tasks)
    texts = {task: f"{place % 30:064x}" for place, task in enumerate(tasks)}
    steady = RaterColumn("steady", {t: str(25 * (i % 30 % 5)) for i, t in enumerate(tasks)}, statement_hashes=texts)
    fickle = RaterColumn("fickle", {t: str(25 * (i // 30 % 2)) for i, t in enumerate(tasks)}, statement_hashes=texts)
    found = evaluate(coverage, [steady, fickle], [], small.tasks, policy)
    values = {row.rater: (row.value, row.n) for row in rows(found, stratum=SAME_STATEMENT)}
    assert values == {"steady": (1.0, 30 * 45), "fickle": (pytest.approx(20 / 45), 30 * 45)}


def test_strata_follow_length_and_the_evidence_that_the_rater_gave(small, coverage, policy):
    """Against labels a rater is looked at by its own evidence; two raters beside each other are not."""
    facts = {t: TaskFacts(f.occupation_code, words=5 + i % 20) for i, (t, f) in enumerate(small.tasks.items())}
    words = ("none", "plausible", "measured")
    evidence = {task: words[place % 3] for place, task in enumerate(facts)}
    claiming = small.rater(coverage, "a", small.truth, evidence=evidence)
    silent = small.rater(coverage, "b", small.noisy(np.random.default_rng(0)))
    found = evaluate(coverage, [claiming, silent], small.labels(coverage), facts, policy)
    sizes = {row.stratum: row.n for row in rows(found, rater="a", counterpart="people/ann", metric="mae")}
    assert {name: n for name, n in sizes.items() if name[:3] in {"evi", "len"}} == {
        "evidence:measured": 100, "evidence:none": 100, "evidence:plausible": 100,
        "length:1-10": 90, "length:11-16": 90, "length:17+": 120,
    }  # fmt: skip
    assert not [row for row in rows(found, rater="b") if row.stratum.startswith("evidence")]


def test_the_last_usable_answer_says_what_it_rests_on(coverage):
    """Of repeats with different claims the later usable one counts; a failure claims nothing."""
    ratings = [rating("1", "50", evidence="none"), rating("1", "50", 1, evidence="measured"), rating("1", None, 2)]
    column = rater_column("a", coverage, ratings)
    assert column.evidence == {"1": "measured"}
    frame = Frame({"1": TaskFacts("11-1011.00")}, ["1"])
    assert list(encode_rater(frame, coverage, column).strata) == ["evidence:measured"]
