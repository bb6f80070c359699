"""Asked again, read again, asked anew: each makes rows of its own, and nothing is sent that was not asked for."""

import duckdb
import pytest
from road import endpoint, invented_tasks, scorer, stats, write_answers, write_onet, write_settings

TASKS = invented_tasks(occupations_per_group=1)
SAMPLE = ("--sample", "24")
UNREAD = "category = NULL, score = NULL, rationale = NULL, evidence = NULL, blockers = NULL, confidence = NULL"


@pytest.fixture
def workspace(tmp_path):
    """24 tasks, rated."""
    scorer(tmp_path, "onet", "import", str(write_onet(tmp_path / "db_30_9_text", TASKS)))
    answers = write_answers(tmp_path / "answers.json", TASKS)
    with endpoint("--answers", str(answers)) as url:
        write_settings(tmp_path, right=url)
        assert scorer(tmp_path, "rate", *SAMPLE).status == 0
        yield tmp_path, url


def change(path, assignment, n=3):
    """Make `n` ratings what an earlier version of the scorer, or another answer, would have made them."""
    with duckdb.connect(path / ".scorer" / "store.duckdb") as store:
        store.execute(
            f"UPDATE rating SET {assignment} WHERE task_id IN (SELECT task_id FROM rating ORDER BY task_id LIMIT {n})"  # noqa: S608 - the test's own
        )


def ask(path, query):
    with duckdb.connect(path / ".scorer" / "store.duckdb", read_only=True) as store:
        return store.execute(query).fetchall()


def test_unusable_answers_are_asked_again_on_request_only(workspace):
    """A refusal stays an answer until --retry names it; the new rating names the old one, which is kept and yields."""
    path, url = workspace
    change(path, f"status = 'refused', {UNREAD}")
    assert scorer(path, "rate", *SAMPLE).status == 0
    assert stats(url)["requests"] == 24
    plan = scorer(path, "plan", *SAMPLE, "--retry", "refused", "--json").json()
    assert [(line["reason"], line["cells"]) for line in plan["lines"]] == [("asked again on request", 3)]
    assert scorer(path, "rate", *SAMPLE, "--retry", "refused").status == 0
    assert stats(url)["requests"] == 27
    pairs = ask(path, "SELECT o.status, n.status FROM rating n JOIN rating o ON n.repairs_rating_id = o.rating_id")
    assert pairs == [("refused", "rated")] * 3
    assert scorer(path, "plan", *SAMPLE, "--retry", "refused", "--json").json()["missing"] == 0


def test_stored_answers_are_read_again_and_nothing_is_sent(workspace):
    """What an earlier reader could not make out is rated now; the old row is kept and yields; once is enough."""
    path, url = workspace
    change(path, f"status = 'unparsable', {UNREAD}")
    said = scorer(path, "rate", *SAMPLE, "--replay", "--json")
    assert said.status == 0, said.err
    assert said.json()["read"] == 24
    assert [(one["before"], one["now"], one["ratings"]) for one in said.json()["changed"]] == [
        ("unparsable", "rated", 3)
    ]
    assert scorer(path, "rate", *SAMPLE, "--replay", "--json").json()["changed"] == []
    assert stats(url)["requests"] == 24
    assert ask(path, "SELECT count(*), sum(cost_usd) FROM rating WHERE derived_from = repairs_rating_id") == [(3, 0)]
    assert scorer(path, "plan", *SAMPLE, "--retry", "unparsable", "--json").json()["missing"] == 0


def test_a_newer_reader_may_take_a_rating_back(workspace):
    """Where today's reader finds another category than the stored one, today's counts."""
    path, _ = workspace
    change(path, "category = '0', score = 0, rationale = 'read wrongly'")
    scorer(path, "rate", *SAMPLE, "--replay")
    counting = "SELECT count(*) FROM rating ANTI JOIN rating_reread USING (rating_id) WHERE rationale = 'read wrongly'"
    assert ask(path, counting) == [(0,)]


def test_an_occasion_asks_the_same_anew(workspace):
    """Under a name of its own every Cell is asked once more, beside what was answered before."""
    path, url = workspace
    (line,) = scorer(path, "plan", *SAMPLE, "--occasion", "spring", "--json").json()["lines"]
    assert (line["reason"], line["cells"]) == ("new variant, repeat or occasion", 24)
    for _ in range(2):
        assert scorer(path, "rate", *SAMPLE, "--occasion", "spring").status == 0
    assert stats(url)["requests"] == 48
    assert ask(path, "SELECT occasion, count(*) FROM rating GROUP BY ALL ORDER BY ALL") == [
        ("first", 24),
        ("spring", 24),
    ]


@pytest.mark.parametrize(("status", "advice"), [("rated", "--occasion"), ("failed", "every run")])
def test_what_needs_no_retry_is_told(workspace, status, advice):
    """`--retry rated` would overwrite nothing and cost money; `--retry failed` is what every run does."""
    path, _ = workspace
    said = scorer(path, "rate", *SAMPLE, "--retry", status)
    assert said.status == 3
    assert advice in said.err
