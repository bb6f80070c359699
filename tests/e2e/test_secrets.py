"""A key goes into the request and nowhere else, however much an endpoint talks about it."""

import json
from zlib import crc32

import duckdb
import pytest
from fake_openai import completion, error
from inside import KEY_NAME, answer, answering, good
from road import invented_tasks, scorer, write_labels

KEY = "sk-proj/AbC+9f3e=verySecret-71d2"
SPELT = json.dumps(KEY).replace("/", "\\/").strip('"')
ESCAPED = "".join(f"\\u{ord(char):04X}" for char in KEY)


def everything_in(workspace):
    """All bytes of the workspace, and every row of every table as text: what is compressed would hide in bytes."""
    files = [path for path in workspace.rglob("*") if path.is_file()]
    yield from (path.read_bytes().decode("utf-8", "replace") for path in files)
    for path in files:
        if path.suffix == ".duckdb":
            with duckdb.connect(path, read_only=True) as con:
                for (table,) in con.execute("SELECT table_name FROM duckdb_tables()").fetchall():
                    yield from (str(row) for row in con.execute(f'SELECT to_json(t) FROM "{table}" t').fetchall())  # noqa: S608 - our own names


def assert_no_key(workspace, *said):
    """Neither plain nor as JSON spells it, in no file, no table and no output."""
    for text in (*everything_in(workspace), *(part for one in said for part in (one.out, one.err))):
        assert KEY not in text
        assert SPELT not in text
        assert "verySecret" not in text


@pytest.fixture
def with_key(command, monkeypatch):
    """The command, with the key in the environment."""
    monkeypatch.setenv(KEY_NAME, KEY)
    return command


def test_a_key_that_answers_and_errors_repeat_is_in_no_file_and_no_output(with_key):
    """In answers, refusals, errors with 200 and 500, escaped or plain: all kinds of rows, none with the key."""
    talk = [
        lambda request: (200, completion(answer(request, rationale=f"Your key is {KEY}."), model=f"m {KEY}")),
        lambda request: (200, json.dumps(completion(answer(request))).replace("Scripted: 50.", SPELT)),
        lambda _: (200, json.dumps(completion(f"prose with {ESCAPED}")).replace("\\\\u", "\\u")),
        lambda _: (200, completion(None, message={"refusal": f"I refuse {KEY}"})),
        lambda _: (200, {"error": {"message": f"no credit on {KEY}"}}),
        lambda _: (500, error(f"cannot serve {KEY}", KEY, KEY)),
        lambda _: (400, error(f"the prompt of {KEY} is not nice", "content_filter")),
    ]

    def reply(request, _key):
        """The task decides, so that one that fails does so at every attempt."""
        return talk[crc32(request["messages"][-1]["content"].encode()) % len(talk)](request)

    with answering(reply) as url:
        with_key.configure(url, has_key=True)
        rated = with_key("rate", "--all", "--json")
    assert rated.status == 1
    statuses = {status for (status,) in with_key.query("SELECT DISTINCT status FROM rating")}
    assert statuses >= {"rated", "refused", "failed", "unparsable"}
    labels = write_labels(with_key.workspace / "hand.csv", invented_tasks(occupations_per_group=1))
    later = [with_key("labels", "import", labels), *(with_key(word) for word in ("evaluate", "aggregate", "publish"))]
    assert later[-1].status == 0
    assert_no_key(with_key.workspace, rated, *later)


def test_a_refused_key_is_not_repeated(with_key):
    """The 401 of an endpoint that quotes the key: run and probe end without it."""
    with answering(lambda _, key: (401, error(f"Incorrect API key provided: {key}.", "invalid_api_key"))) as url:
        with_key.configure(url, has_key=True)
        said = [with_key("rate", "--all"), with_key("raters", "check"), with_key("raters", "list"), with_key("doctor")]
    assert [one.status for one in said] == [3, 1, 0, 0]
    assert "[key]" in said[0].err
    assert_no_key(with_key.workspace, *said)


def test_a_key_written_into_the_settings_is_refused_without_repeating_it(with_key):
    """scorer.toml is no place for a key: the line is named, its value is not."""
    for line in (f'api_key = "{KEY}"', f'api_key_env = "{KEY}"', f'params = {{ user = "{KEY}" }}'):
        with_key.configure("http://127.0.0.1:9/v1", more=line + "\n")
        assert "never stands in this file" in (told := with_key.fails("rate", "--all"))
        assert KEY not in told


def test_a_process_that_logs_everything_logs_no_key(with_key):
    """With the SDK's own debugging switched on and a dying endpoint, stdout and stderr stay clean."""
    with answering(lambda _, key: (401, error(f"Incorrect API key provided: {key}."))) as url:
        with_key.configure(url, has_key=True)
        said = scorer(with_key.workspace, "rate", "--all", OPENAI_LOG="debug", **{KEY_NAME: KEY})
    assert said.status == 3
    assert "Traceback" not in said.err
    assert_no_key(with_key.workspace, said)


def test_the_key_of_one_rater_is_sent_to_no_other(with_key, monkeypatch):
    """A self-hosted endpoint without a key gets none, though OPENAI_API_KEY is set."""
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    keys = set()
    with answering(lambda request, key: (keys.add(key), good(request))[1]) as url:
        with_key.configure(url)
        assert with_key("rate", "--sample", "3").status == 0
    assert keys == {"none"}
