"""`make bench-embedded` compares what it says it compares: here with scripted readings and labels, without a model."""

import importlib.util
import sys

import measured
import numpy as np
import pytest
from readings import rating
from road import InventedTask
from shared_data import REPOSITORY

from scorer.domain.catalogue import Task, TaskKind
from scorer.domain.evaluation import Label, LabellerKind
from scorer.rubrics import load_rubric

RUBRIC = load_rubric("exposure")
N = 240


@pytest.fixture(scope="module")
def bench():
    """The script as a module."""
    place = REPOSITORY / "benchmarks" / "embedded.py"
    spec = importlib.util.spec_from_file_location("bench_embedded", place)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    with pytest.MonkeyPatch.context() as patched:
        patched.syspath_prepend(place.parent)
        spec.loader.exec_module(module)
    return module


def scripted(signal):
    """Tasks, labels by the published proportions, and ratings of one category whose readings hold `signal`."""
    rng = np.random.default_rng(7)
    trait = rng.normal(size=N)
    places = np.searchsorted(np.quantile(trait, [0.53, 0.85]), trait)
    tasks, labels, ratings = [], {}, []
    for i in range(N):
        task_id, code = str(5000 + i), f"{11 + 2 * (i % 10)}-{1000 + i // 3}.00"
        tasks.append(Task(task_id=task_id, occupation_code=code, statement=f"Do {i}.", kind=TaskKind.CORE))
        category = RUBRIC.ordered_values[places[i]]
        labels[task_id] = Label(
            label_set="gpts-are-gpts",
            task_id=task_id,
            rubric="exposure@1",
            labeller="human",
            labeller_kind=LabellerKind.PERSON,
            category=category,
            score=RUBRIC.number(category),
        )
        half, physical = signal * trait[i] + rng.normal(size=2)
        said = {"category": "E2", "score": 0.5, "score_expected": 0.5 + 0.01 * half, "rubric": "exposure@1"}
        invented = InventedTask(task_id, code, f"Do {i}.", "50")
        ratings.append(rating(invented, **said, readings={"half": 2 + half, "physical": -physical}))
    return ratings, labels, tasks, RUBRIC


def test_calibration_brings_out_what_readings_hold(bench):
    """One category for everything has no kappa beyond chance; calibrated on 100 labels, the other tasks agree."""
    raw, held_out, calibrated = bench.lines(*scripted(signal=1.0))
    assert (raw.n, held_out.n, calibrated.n) == (N, N - bench.FITTED, N - bench.FITTED)
    assert raw.kappa == pytest.approx(0, abs=1e-9)
    assert raw.pearson > 0.3
    assert calibrated.kappa > 0.25
    assert calibrated.pearson > raw.pearson - 0.1


def test_readings_that_hold_nothing_stay_worth_nothing(bench):
    """Noise calibrated is noise: about no agreement beyond chance."""
    *_, calibrated = bench.lines(*scripted(signal=0.0))
    assert abs(calibrated.kappa) < 0.2


def test_the_figures_that_are_kept_are_those_of_the_pages(bench):
    """The command keeps each figure that the page takes from it."""
    figures = bench.figures_of(bench.lines(*scripted(signal=1.0)))
    assert set(figures) == set(measured.kept()["embedded"]["figures"])
    assert all(measured._cells(row, {"figures": figures, "goals": {}}) for row in measured.EMBEDDED)


def test_the_table_says_goals_and_earlier_figures(bench):
    """Beside each figure stands what is wanted and what was measured before; what does not exist is a dash."""
    found = bench.lines(*scripted(signal=1.0))
    shown = bench.table([*found, found[0]._replace(name="nobody", kappa=None)])
    assert "kappa >= .30, r >= .45" in shown
    assert "kappa .366, r .507" in shown
    assert shown.splitlines()[-1].split()[:4] == ["nobody", str(N), f"{found[0].agreement:.3f}", "-"]
