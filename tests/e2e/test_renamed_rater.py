"""The same model under another name: nothing is paid for twice, and the new name has its ratings."""

import duckdb
from road import endpoint, invented_tasks, scorer, stats, write_answers, write_onet

TASKS = invented_tasks(occupations_per_group=1)
RATER = '[raters.{name}]\nprovider = "openai"\nmodel = "one-model"\nbase_url = "{url}"\n'


def test_a_renamed_rater_keeps_its_ratings_and_sends_nothing(tmp_path):
    """Each rating is carried over once, names the one that it comes from, and cost nothing."""
    onet = write_onet(tmp_path / "db_30_9_text", TASKS)
    scorer(tmp_path, "onet", "import", str(onet))
    answers = write_answers(tmp_path / "answers.json", TASKS)
    with endpoint("--answers", str(answers)) as url:
        (tmp_path / "scorer.toml").write_text(RATER.format(name="old", url=url))
        assert scorer(tmp_path, "rate", "--sample", "24").status == 0
        (tmp_path / "scorer.toml").write_text(RATER.format(name="new", url=url))
        said = [scorer(tmp_path, "rate", "--sample", "24", "--json").json() for _ in range(2)]
        assert stats(url)["requests"] == 24
    assert [one["adopted"] for one in said] == [24, 0]
    with duckdb.connect(tmp_path / ".scorer" / "store.duckdb", read_only=True) as store:
        pairs = store.execute(
            """SELECT o.category, n.category, n.cost_usd FROM rating o
            JOIN rating n ON n.derived_from = o.rating_id WHERE o.rater = 'old' AND n.rater = 'new'"""
        ).fetchall()
    assert len(pairs) == 24
    assert all((old, cost) == (new, 0.0) for old, new, cost in pairs)
