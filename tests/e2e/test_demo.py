"""The demo and the reference release, walked with an engine that answers from a script, on real tasks of O*NET 26.1."""

import hashlib
import math
import re
import shutil

import duckdb
import pytest
from fake_openai import asked, completion
from inside import answering, scripted_engine
from shared_data import REPOSITORY

from scorer.artefacts import ArtefactCache
from scorer.catalogue import Selection, read_offline_release
from scorer.errors import ConfigurationError
from scorer.publish import verify_release
from scorer.workflows.demo import RUBRICS, SMALL, Sample, demo
from scorer.workflows.evaluation.labels import REFERENCE_SET
from scorer.workflows.rating.asked import Asked
from scorer.workflows.rating.take_over import take_over
from scorer.workflows.reference import SAMPLE, make_reference
from scorer.workflows.sources.onet import OFFLINE, OFFLINE_SKILLS, import_onet
from scorer.workflows.workspace.bench import Bench

SHORT = Sample(occupations=("35-9021.00",), raters=(SMALL,))
EIGHT = 8

pytestmark = pytest.mark.skipif(
    any(ArtefactCache().path(name) is None for name in (OFFLINE, OFFLINE_SKILLS, SMALL)),
    reason=f"pinned files absent: scorer artefacts pull {OFFLINE} {OFFLINE_SKILLS} {SMALL}",
)


def says(request, _key):
    """Yes or no with odds that follow from the task; to the request for a reason, a sentence."""
    if request["max_tokens"] > 1:
        return 200, completion("Scripted reason.")
    turn = int(hashlib.sha256(asked(request).encode()).hexdigest()[:8], 16) / 16**8
    odds = {"Yes": math.log(0.2 + 0.6 * turn), "No": math.log(0.8 - 0.6 * turn)}
    tops = [{"token": token, "logprob": logprob, "bytes": None} for token, logprob in odds.items()]
    logprobs = {"content": [{**tops[0], "top_logprobs": tops}], "refusal": None}
    return 200, completion("Yes", choice={"logprobs": logprobs})


@pytest.fixture(scope="module")
def walked(tmp_path_factory):
    """The demo, then a reference release that starts from it in an empty workspace; what was told and asked."""
    place, told, requests = tmp_path_factory.mktemp("demo"), [], []

    def counting(request, key):
        requests.append(request)
        return says(request, key)

    with pytest.MonkeyPatch.context() as patched, answering(counting) as url:
        for room in ("engines", "illustrate"):
            patched.setattr(f"scorer.workflows.rating.{room}.reach", scripted_engine(url))
        report = demo(place / "demo", told.append, lambda _: None, SHORT)
        counts = [len(requests)]
        release = shutil.copy(report.release.path, place / "results.duckdb")
        whole = SHORT._replace(illustrated=False, live=False)
        make_reference(place / "reference", release, told.append, lambda _: None, whole)
        counts.append(len(requests))
        demo(place / "again", told.append, lambda _: None, SHORT, earlier=release)
        counts.append(len(requests))
    return report, release, told, counts


def test_the_demo_asks_each_question_once_and_ends_in_a_page(walked):
    """A probe that both rubrics share is one request; release and page lie side by side, and the release is sound."""
    report, _, told, counts = walked
    assert counts[0] == 233 + 13
    assert report.runs[0].complete
    assert verify_release(report.release.path) == []
    html = report.page.read_text()
    assert report.page.parent == report.release.path.parent
    assert "Dishwashers" in html
    assert html.count("Scripted reason.") == 13
    assert "made by a model, not by people" in html
    assert f"{SMALL}+cal" in html
    assert "no model wrote a word" in html
    assert "figures held" in html
    assert "Skills by importance in O*NET: Time Management (2.9 of 5)" in html
    assert "skill 2.B.5.a" in html
    assert "Left empty, since no fact bears a sentence or none passed the checker" in html  # no technology is there
    assert any(line.startswith("4. calibrating") for line in told)


def test_the_demo_gates_the_raw_and_the_calibrated_rater(walked):
    """Answers that mean nothing are held, calibrated or not, on both rubrics."""
    report, *_ = walked
    decided = {(one.rater, one.rubric): one.decision for one in report.evaluation.verdicts if one.level == "all"}
    raters, rubrics = (SMALL, f"{SMALL}+cal", "panel"), [f"{name}@1" for name in RUBRICS]
    assert {key: str(decision) for key, decision in decided.items()} == {
        (rater, rubric): "HOLD" for rater in raters for rubric in rubrics
    }


def test_the_reference_release_is_made_again_from_ratings_that_are_there(walked):
    """An empty workspace and the old file are enough: no question is asked, and the ratings and runs are the same."""
    _, release, told, counts = walked
    assert counts[1] == counts[0]
    assert any(line.startswith("3. 479 of its ratings are taken over") for line in told)
    assert verify_release(release) == []
    with duckdb.connect(release, read_only=True) as con:
        runs = con.execute("SELECT count(*) FROM rating WHERE run_id NOT IN (SELECT run_id FROM run)").fetchone()
        calibrated = con.execute("SELECT count(*) FROM rating WHERE rater LIKE '%+cal'").fetchone()
    assert (runs, calibrated) == ((0,), (466,))


def test_a_demo_that_knows_the_reference_release_rates_its_whole_occupations_only(walked):
    """Ratings of the 220 reference tasks are taken over; the 13 tasks that are shown are rated and illustrated live."""
    *_, told, counts = walked
    assert counts[2] - counts[1] == 13 + 13
    assert any(line.startswith("3. 440 of its ratings are taken over") for line in told)


def test_a_release_that_is_not_there_is_not_taken_for_an_empty_one(tmp_path):
    """The demo says so before it pulls or asks anything."""
    with pytest.raises(ConfigurationError, match=r"absent\.duckdb: no such release"):
        demo(tmp_path / "demo", print, print, SHORT, earlier=tmp_path / "absent.duckdb")


def test_the_reference_release_has_no_sentence(walked):
    """No run of eight words of any O*NET statement stands anywhere in the file."""
    _, release, *_ = walked
    assert borrowed(release) == set()


def test_the_reference_sample_is_what_the_contract_says():
    """All tasks with reference labels, and at least ten whole occupations of several SOC groups, in O*NET 26.1."""
    onet = read_offline_release(ArtefactCache().require(OFFLINE), "26.1")
    assert set(SAMPLE.occupations) <= {task.occupation_code for task in onet.tasks}
    assert len(set(SAMPLE.occupations)) >= 10
    assert len({code[:2] for code in SAMPLE.occupations}) >= 8


def test_what_is_taken_over_answers_the_same_question(walked, tmp_path):
    """A rating of another text, rater or rubric version is left where it is: only the same Cells come in."""
    _, release, *_ = walked
    bench = Bench(tmp_path)
    import_onet(bench, OFFLINE)
    whole = Selection(occupations=SHORT.occupations)
    asked_of = Asked(rubrics=("coverage",), raters=(SMALL,), selection=whole)
    assert take_over(bench, tmp_path / "nothing.duckdb", asked_of) == 0
    assert take_over(bench, release, asked_of.model_copy(update={"raters": ("qwen2.5-coder-1.5b-instruct",)})) == 0
    assert take_over(bench, release, asked_of) == 2 * 13  # each rating, and the row with its illustration
    assert take_over(bench, release, asked_of) == 0
    assert [one.rubric for one in bench.store.ratings.counts()] == ["coverage@1"]
    assert REFERENCE_SET not in {one.name for one in bench.store.labels.sets()}


def borrowed(release):
    """Runs of eight words of O*NET statements among the texts of a release."""
    onet = read_offline_release(ArtefactCache().require(OFFLINE), "26.1")
    known = {run for task in onet.tasks for run in runs_of_words(task.statement)}
    with duckdb.connect(release, read_only=True) as con:
        columns = con.execute(
            """SELECT table_name, column_name FROM duckdb_columns()
            WHERE NOT internal AND data_type IN ('VARCHAR', 'JSON', 'VARCHAR[]')"""
        ).fetchall()
        texts = {
            text
            for table, column in columns
            for (text,) in con.execute(
                f'SELECT DISTINCT "{column}"::VARCHAR FROM {table} WHERE len("{column}"::VARCHAR) > 30'  # noqa: S608 - our own names
            ).fetchall()
        }
    return {run for text in texts for run in runs_of_words(text) if run in known}


def runs_of_words(text):
    """Every run of eight words, in small letters."""
    words = re.findall(r"[a-z]+", text.lower())
    return {tuple(words[i : i + EIGHT]) for i in range(len(words) - EIGHT + 1)}


def test_the_tracked_release_is_sound_small_and_free_of_sentences():
    """What a clone holds verifies, has no run of eight words of O*NET, and scores at least ten whole occupations."""
    # where a table or a rubric has changed, `make reference` makes the file anew
    tracked = REPOSITORY / "results.duckdb"
    assert tracked.stat().st_size <= 3_000_000
    assert verify_release(tracked) == []
    assert borrowed(tracked) == set()
    with duckdb.connect(tracked, read_only=True) as con:
        whole = con.execute(
            """SELECT count(DISTINCT occupation_code), count(DISTINCT left(occupation_code, 2)) FROM occupation_score
            WHERE rubric = 'coverage@1' AND completeness > 0.8"""
        ).fetchall()
        skilled = con.execute(
            "SELECT count(DISTINCT occupation_code), count(sentence) FROM profile_sentence WHERE section = 'skills'"
        ).fetchall()
        labelled = con.execute(
            "SELECT count(DISTINCT task_id) FROM label SEMI JOIN rating USING (task_id, rubric)"
        ).fetchone()
    assert skilled == [(len(SAMPLE.occupations), 0)]
    ((occupations, groups),) = whole
    assert occupations >= 10
    assert groups >= 5
    assert labelled == (220,)
