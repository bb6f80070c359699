"""scorer calibrate: a rater of its own, computed from readings and labels, that nobody takes for the raw one."""

import json
import shutil

import pytest
from inside import Command, answering, good
from readings import RATER, keep, rating
from road import invented_tasks, write_labels

from scorer.domain.evaluation import Label, LabellerKind, LabelOrigin
from scorer.domain.rating import Status
from scorer.store import LabelSource
from scorer.workflows.evaluation.labels import import_labels
from scorer.workflows.workspace.bench import Bench

TASKS = invented_tasks(occupations_per_group=1)
CALIBRATE = ("calibrate", "--rater", RATER.name, "--labels", "people")


@pytest.fixture(scope="module")
def labelled(tmp_path_factory, imported):
    """A workspace with readings of all tasks and labels by a person of all tasks; copied, never used itself."""
    place = tmp_path_factory.mktemp("labelled") / "workspace"
    shutil.copytree(imported, place)
    keep(Bench(place), map(rating, TASKS))
    import_labels(Bench(place), str(write_labels(place / "people.csv", TASKS)))
    return place


@pytest.fixture
def rated(tmp_path, labelled, monkeypatch, capsys):
    """The command in a copy of that workspace."""
    place = tmp_path / "rated"
    shutil.copytree(labelled, place)
    return Command(place, monkeypatch, capsys)


def label(task, **fields):
    given = {"label_set": "others", "labeller_kind": LabellerKind.PERSON, "labeller": "bo", **fields}
    return Label(task_id=task.task_id, rubric="coverage@1", category="0", score=0.0, **given)


def verdicts(command):
    rows = command.query("SELECT rater, decision FROM verdict WHERE level = 'all' ORDER BY ALL")
    return dict(rows)


def test_a_calibrated_rater_passes_where_the_raw_one_says_one_thing_of_everything(rated):
    """Both are kept, evaluated and gated; each calibrated rating names its raw one and cost nothing."""
    said = rated(*CALIBRATE, "--json")
    assert said.status == 0, said.err
    (row,) = said.json()
    assert (row["rater"], row["labelled_tasks"], row["occupations"], row["new"]) == ("shaky+cal", 144, 12, 144)
    assert row["labelled_by"] == "person"
    rated("evaluate")
    assert verdicts(rated) == {"panel": "PASS", "shaky": "HOLD", "shaky+cal": "PASS"}
    pairs = rated.query(
        """SELECT c.cost_usd, c.readings->>'$."0"' FROM rating c JOIN rating r ON r.rating_id = c.derived_from
        WHERE c.rater = 'shaky+cal' AND r.rater = 'shaky'"""
    )
    assert len(pairs) == 144
    assert all(cost == 0 and float(logprob) < 0 for cost, logprob in pairs)


def test_the_same_again_adds_nothing_and_new_labels_make_a_new_version(rated):
    """The version follows from the labels; of two versions the later one counts, and going back counts again."""
    versions = [rated(*CALIBRATE, "--json").json()[0] for _ in range(2)]
    assert [one["new"] for one in versions] == [144, 0]
    fewer = [task for i, task in enumerate(TASKS) if i % 2]
    rated("labels", "import", write_labels(rated.workspace / "half.csv", fewer))
    other = rated("calibrate", "--rater", "shaky", "--labels", "half", "--json").json()[0]
    assert (other["new"], other["labelled_tasks"]) == (144, 72)
    assert other["version"] != versions[0]["version"]
    back = rated(*CALIBRATE, "--json").json()[0]
    assert (back["new"], back["version"]) == (144, versions[0]["version"])
    (facts,) = rated.query("SELECT facts FROM rater_current WHERE rater = 'shaky+cal'")
    assert json.loads(facts[0])["coverage@1"]["label_set"] == "people"
    assert rated.query("SELECT count(*) FROM rating WHERE rater = 'shaky+cal'") == [(3 * 144,)]


def test_folds_and_seed_are_part_of_the_version(rated):
    """Another seed deals the occupations otherwise, and is another version."""
    versions = {rated(*CALIBRATE, *more, "--json").json()[0]["version"] for more in ((), ("--seed", 1), ("--folds", 4))}
    assert len(versions) == 3


def test_labels_of_reviews_are_never_used(rated):
    """Reviewers saw what raters said: reviews alone calibrate nothing, and beside labels they change nothing."""
    before = rated(*CALIBRATE, "--json").json()[0]["version"]
    store = Bench(rated.workspace).store
    reviews = [label(task, label_set="people", origin=LabelOrigin.REVIEW) for task in TASKS]
    store.labels.add("people", reviews, LabelSource(source="review", kind="review"))
    assert rated(*CALIBRATE, "--json").json()[0]["version"] == before
    store.labels.add(
        "others",
        [label(task, origin=LabelOrigin.REVIEW) for task in TASKS],
        LabelSource(source="review", kind="review"),
    )
    assert "0 labelled tasks" in rated.fails("calibrate", "--rater", "shaky", "--labels", "others")


def test_labels_by_models_calibrate_with_a_remark_and_do_not_open_the_default_gate(rated):
    """The remark says whose labels these are; the policy decides what they are worth."""
    file = write_labels(rated.workspace / "machine.csv", TASKS)
    rated("labels", "import", file, "--labeller-kind", "model")
    said = rated("calibrate", "--rater", "shaky", "--labels", "machine")
    assert "labels by models, not by people" in said.err
    rated("evaluate", "--labels", "machine")
    assert set(verdicts(rated).values()) == {"HOLD"}


def test_labels_by_persons_come_before_those_of_models(rated):
    """Where any person labelled, what models said of the other tasks is left out."""
    store = Bench(rated.workspace).store
    by_model = [label(task, label_set="people", labeller_kind=LabellerKind.MODEL) for task in TASKS]
    store.labels.add("people", by_model, LabelSource(source="model"))
    (row,) = rated(*CALIBRATE, "--json").json()
    assert (row["labelled_by"], row["labelled_tasks"]) == ("person", 144)


def test_labels_of_another_text_are_not_used(rated):
    """A label of a reworded task says nothing about the text that was rated."""
    reworded = [label(task, statement_sha256="ab" * 32) for task in TASKS]
    Bench(rated.workspace).store.labels.add("others", reworded, LabelSource(source="old"))
    assert "0 labelled tasks" in rated.fails("calibrate", "--rater", "shaky", "--labels", "others")


def test_what_was_unusable_stays_so(command):
    """Calibration cannot launder failures: the gate counts the same unusable answers for both raters."""
    failed = {"status": Status.UNPARSABLE, "category": None, "score": None, "problem": "too little probability"}
    keep(Bench(command.workspace), (rating(task, **(failed if i % 20 == 0 else {})) for i, task in enumerate(TASKS)))
    command("labels", "import", write_labels(command.workspace / "people.csv", TASKS))
    command(*CALIBRATE)
    counts = "SELECT rater, count(*) FROM rating WHERE status = 'unparsable' GROUP BY ALL ORDER BY ALL"
    assert command.query(counts) == [("shaky", 8), ("shaky+cal", 8)]
    command("evaluate")
    ((reasons,),) = command.query("SELECT reasons::VARCHAR FROM verdict WHERE rater = 'shaky+cal' AND level = 'all'")
    assert "8 of 144 labelled tasks without a usable answer" in reasons


def test_a_release_with_a_calibrated_rater_verifies(rated):
    """Published with its raw rater and the facts of its calibration; `scorer verify` finds nothing wrong."""
    rated(*CALIBRATE)
    rated("evaluate")
    rated("aggregate")
    assert rated("publish").status == 0
    assert rated("verify", "--json").json() == []


def test_the_panel_may_name_a_calibrated_rater_and_then_the_raw_one_is_asked(rated):
    """`rate` without --rater asks the raters behind the panel, since a calibrated one answers nobody."""
    with answering(good) as url:
        rated.configure(url, name="plain", more='[panel]\nraters = ["plain+cal"]\n')
        assert rated("rate", "--sample", "2", "--seed", "1").status == 0
    assert rated.query("SELECT count(*) FROM rating WHERE rater = 'plain'") == [(2,)]
    rated(*CALIBRATE)
    assert "its ratings are computed" in rated.fails("rate", "--rater", "shaky+cal", "--all")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--rater", "shakey", "--labels", "people"), "did you mean `shaky`?"),
        (("--rater", "shaky", "--labels", "poeple"), "did you mean `people`?"),
        (("--rater", "shaky", "--labels", "people", "--rubric", "exposure"), "`shaky` has no ratings on `exposure`"),
        (("--rater", "mute", "--labels", "people"), "no log-probabilities"),
        (("--rater", "shaky", "--labels", "few"), "4 labelled tasks of 1 occupations have readings"),
    ],
)
def test_what_cannot_be_calibrated_is_one_clear_line(rated, words, told):
    """An unknown name, a rater without log-probabilities, too few labels: what is wrong and what is needed."""
    keep(Bench(rated.workspace), [rating(task, "mute", readings=None) for task in TASKS])
    rated("labels", "import", write_labels(rated.workspace / "few.csv", TASKS[:4]))
    assert told in rated.fails("calibrate", *words)


def test_a_calibrated_rater_is_not_calibrated_again(rated):
    """Twice fitted is not twice as good: the raw rater is named instead."""
    rated(*CALIBRATE)
    assert "name the raw rater, `shaky`" in rated.fails("calibrate", "--rater", "shaky+cal", "--labels", "people")


def test_no_rater_of_ones_own_may_be_called_calibrated(command):
    """The ending +cal is taken."""
    (command.workspace / "scorer.toml").write_text('[raters."mine+cal"]\nprovider = "openai"\nmodel = "m"\n')
    assert "it means `mine`, calibrated on labels" in command.fails("raters", "list")
