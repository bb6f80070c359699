"""Profiles on the road of ratings: asked, resumed, paid for, stored, checked, published, shown."""

import json

import duckdb
import pytest
from fake_openai import asked, completion
from inside import answering
from readings import keep, rating
from road import invented_tasks, write_labels
from web_client import client_of

from scorer.rubrics import facts_in
from scorer.web import make_app
from scorer.workflows.workspace.bench import Bench

TASKS = invented_tasks(occupations_per_group=1)
CODE = "15-9001.00"


@pytest.fixture
def rated(command):
    """Tasks rated by a rater that the gate holds, evaluated and aggregated."""
    keep(Bench(command.workspace), (rating(task) for task in TASKS))
    command("labels", "import", write_labels(command.workspace / "people.csv", TASKS))
    command("evaluate")
    command("aggregate")
    return command


def writer(request, _key):
    """Writes one sentence about the first task, one with a number that is held, and one about nothing."""
    facts = json.loads(facts_in(asked(request)))
    task = facts["tasks"][0]
    said = [
        {
            "section": "risks",
            "question": "",
            "sentence": f"Rated <b>high</b>: {task['statement']}",
            "refs": [task["ref"]],
        },
        {"section": "risks", "question": "", "sentence": "The routine is rated 75.", "refs": [task["ref"]]},
        {"section": "tools", "question": "", "sentence": "MagicGPT does it.", "refs": ["evidence:magic"]},
    ]
    return 200, completion(json.dumps({"sentences": said}), usage={"prompt_tokens": 1000, "completion_tokens": 100})


def test_a_written_profile_is_asked_once_checked_and_published(rated):
    """One request an occupation with its provenance; refused sentences stay in the store; nothing held is a number."""
    requests = []

    def counted(request, key):
        requests.append(request)
        return writer(request, key)

    with answering(counted) as url:
        rated.configure(url, "poet")
        made = rated("profiles", "make", "--rater", "poet", "--occupation", CODE, "--json").json()
        again = rated("profiles", "make", "--rater", "poet", "--occupation", CODE)
    assert len(requests) == 1
    assert "nothing is missing" in again.out
    (one,) = made["profiles"]
    assert (one["method"], one["sentences"], one["refused"], one["scores_status"]) == ("written", 3, 2, "held")
    assert sorted(refused["reason"][:14] for refused in made["refused"]) == ["refers to `evi", "the number 75 "]
    assert '"score"' not in asked(requests[0])
    assert rated("evaluate").status == 1  # ratings of tasks only: a profile is none of them
    assert rated("profiles", "check").status == 0
    assert "refused" in rated("profiles", "show", CODE, "--refused").out
    rated("aggregate")
    assert rated("publish").status == 0
    assert rated("verify", "--json").json() == []
    release = rated.workspace / "results.duckdb"
    with duckdb.connect(release, read_only=True) as published:
        shown = published.sql("SELECT section, place, refs FROM profile_sentence").fetchall()
        row = published.sql("SELECT rater, method, served_model, input_tokens, n_refused FROM profile").fetchall()
        assert published.sql("SELECT count(*) FROM rating WHERE rubric LIKE 'profile@%'").fetchall() == [(0,)]
    assert [(section, place) for section, place, _ in shown] == [("risks", 1)]
    assert row == [("poet", "written", "served", 1000, 2)]
    with client_of(make_app(release)) as client:
        page = client.get(f"/occupations/{CODE}").text
    assert "Words by served" in page
    assert shown[0][2][0].replace(":", " ") in page
    assert "Rated &lt;b&gt;high&lt;/b&gt;" in page
    assert "MagicGPT" not in page


def test_the_same_words_about_two_occupations_are_shown_once(rated):
    """What stands in one profile is refused in the same writer's next, when it is made and whenever it is checked."""

    def alike(request, _key):
        (first, *_) = json.loads(facts_in(asked(request)))["tasks"]
        said = {
            "section": "risks",
            "question": "",
            "sentence": "A step of the routine can be done.",
            "refs": [first["ref"]],
        }
        return 200, completion(json.dumps({"sentences": [said]}))

    with answering(alike) as url:
        rated.configure(url, "poet")
        chosen = ("--occupation", CODE, "--occupation", "17-9001.00")
        made = rated("profiles", "make", "--rater", "poet", *chosen, "--json").json()
    again = rated("profiles", "check", "--json").json()
    for told in (made, again):
        refused = [(one["reason"], one["sentences"]) for one in told["refused"] if one["rater"] == "poet"]
        assert refused == [("stands in a profile of another occupation too", 1)]


def test_without_a_key_a_template_is_filled_and_says_so(rated):
    """A rater without words has a template filled from its scores and BLS; without statements no sentence is left."""
    (rated.workspace / "scorer.toml").write_text(
        '[raters.shaky]\nprovider = "openai"\nmodel = "shaky-model"\nbase_url = "http://127.0.0.1:9/v1"\n'
        'answer = "token"\n'
    )
    wages = "AREA,I_GROUP,OCC_CODE,OCC_TITLE,TOT_EMP,A_MEDIAN\n99,cross-industry,15-9001,Invented,*,51000\n"
    (rated.workspace / "wages.csv").write_text(wages)
    assert rated("bls", "import", rated.workspace / "wages.csv", "--year", "2025").status == 0
    made = rated("profiles", "make", "--rater", "shaky", "--occupation", "15-*", "--json").json()
    (one,) = made["profiles"]
    assert (one["rater"], one["method"]) == ("shaky+template", "template")
    assert {refused["reason"][:15] for refused in made["refused"]} <= {"nearly the same"}  # as the invented tasks are
    assert (one["scores_of"], one["scores_status"]) == ("shaky", "held")
    rated("publish", "--without-statements")
    assert rated("verify", "--json").json() == []
    with duckdb.connect(rated.workspace / "results.duckdb", read_only=True) as published:
        assert published.sql("SELECT count(sentence), min(len(refs)) FROM profile_sentence").fetchall() == [(0, 1)]
        pay = "SELECT count(*) FROM profile_sentence WHERE refs = ['labour:median_pay:2025'] AND section = 'faq'"
        assert published.sql(pay).fetchall() == [(1,)]
        assert published.sql("SELECT provider, model FROM rater WHERE rater = 'shaky+template'").fetchall() == [
            ("template", "template@2")
        ]


def test_a_profile_that_is_none_is_a_status_and_a_template_stands_in(rated):
    """Prose instead of JSON is unparsable, exit status 1, and a template is filled instead; no selection, no run."""
    command = rated
    with answering(lambda _request, _key: (200, completion("I would rather not."))) as url:
        command.configure(url, "mute")
        said = command("profiles", "make", "--rater", "mute", "--occupation", CODE)
    assert said.status == 1
    assert "unparsable" in said.out
    (shown,) = [one for one in command("profiles", "show", CODE, "--json").json() if one["sentences"]]
    assert (shown["rater"], shown["method"], shown["scores_of"]) == ("mute+template", "template", "shaky")
    assert "say which tasks" in command.fails("profiles", "make", "--rater", "mute")
    assert command("profiles", "show", "99-9999.00").status == 1


def test_evidence_is_imported_over_what_ships(command):
    """A known id is replaced, a new one added, a bad one refused with exit status 1; the list says whose each is."""
    ours = command.workspace / "ours.csv"
    ours.write_text(
        "id,kind,name,publisher,address,date,technologies,says\n"
        "chatgpt,tool,ChatGPT,OpenAI,https://example.org/,2026-01-01,,Changed.\n"
        "own,tool,OwnBot,We,https://example.org/,2026-01-01,GitHub,It is ours.\n"
        "bad,tool,BadBot,We,ftp://example.org/,2026-01-01,,It is bad.\n",
        encoding="utf-8",
    )
    said = command("evidence", "import", ours)
    assert said.status == 1
    assert "2 entries new or changed, 0 known, 1 refused" in said.out
    listed = {one["id"]: one for one in command("evidence", "list", "--json").json()}
    assert (listed["chatgpt"]["registry"], listed["own"]["registry"], listed["claude"]["registry"]) == (
        "ours",
        "ours",
        "shipped",
    )
