"""Exchanges: what many share is kept once, and each comes back to the letter."""

import copy

import duckdb
import pytest
from store_samples import MORNING, RATERS, cell, rating, ratings

from scorer.domain.base import json_bytes
from scorer.domain.rating import Rating
from scorer.store import Store
from scorer.store.schema import known_migrations, migrate

FRAMES = 13
ODD = 'a "quoted" \\ back/slash \x00\x7f\u2028 é 😀 {"response": null} [GAP]'


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "store.duckdb")


def exchange(text="Sort.", response="yes", probe=None, **params):
    messages = [{"role": "system", "content": "Rate it."}, {"role": "user", "content": text}]
    asked = {"request": {"model": "m", "messages": messages, **params}, "response": response}
    return asked if probe is None else {"probe": probe, **asked}


def kept(store, *raws):
    """The JSON text of exchanges that were stored, and how many frames that took."""
    one = rating(cell("1", RATERS[0]))
    found = [one.model_copy(update={"rating_id": f"{n:03d}", "raw": raw}) for n, raw in enumerate(raws)]
    assert store.ratings.add(found) == len(raws)
    with store.file.session() as con:
        texts = con.execute("SELECT raw::VARCHAR FROM rating_whole ORDER BY rating_id").fetchall()
        ((frames,),) = con.execute("SELECT count(*) FROM exchange_frame").fetchall()
    return [text for (text,) in texts], frames


@pytest.mark.parametrize(
    "raw",
    [
        (exchange(ODD, ODD, seed=7, temperature=0.30000000000000004, big=12345678901234567890),),
        (exchange(probe="software", logprobs=True), exchange(ODD, probe="physical")),
        (exchange(), {"purpose": "rationale", **exchange("Why?", ODD)}),
        (
            {
                "request": {"messages": [{"role": "user", "content": "x"}, {"role": "assistant", "content": "{"}]},
                "response": "",
            },
        ),
    ],
    ids=["odd text and numbers", "probes", "a reason asked for later", "a prefill"],
)
def test_framed_exchanges_come_back_to_the_letter(store, raw):
    """Whatever task and response say, the JSON text is what it would be had it been written down whole."""
    texts, frames = kept(store, raw)
    assert (texts, frames) == ([json_bytes(raw).decode()], 1)


@pytest.mark.parametrize(
    "raw",
    [
        (),
        ({"request": {"prompt": "x"}, "response": "y"},),
        ({"response": "y", "request": exchange()["request"]},),
        ({"request": {"messages": [{"role": "user", "content": [{"type": "text"}]}]}, "response": "y"},),
        (exchange(response=None),),
        (exchange(), {"request": None, "response": "y"}),
    ],
)
def test_exchanges_of_another_form_are_kept_whole(store, raw):
    """What has no task and response in their places has no frame, and comes back as well."""
    texts, frames = kept(store, raw)
    assert (texts, frames) == ([json_bytes(raw).decode()], 0)


def test_what_many_exchanges_share_is_kept_once(store):
    """Fifty ratings of one series have one frame, also when they are read back from a journal, in later batches."""
    schema, prompt = {"type": "object"}, "Rate it." * 100
    raws = [(exchange(f"Task {n}.", f"{n}", schema=schema, prompt=prompt),) for n in range(50)]
    texts, frames = kept(store, *raws[:25])
    assert frames == 1
    one = rating(cell("1", RATERS[0]))
    later = [
        one.model_copy(update={"rating_id": f"later-{n}", "raw": copy.deepcopy(raw)}) for n, raw in enumerate(raws)
    ]
    store.ratings.add(later)
    assert store.counts()["exchange_frame"] == 1
    assert texts == [json_bytes(raw).decode() for raw in raws[:25]]


def test_exchanges_that_differ_in_anything_else_have_frames_of_their_own(store):
    """1, 1.0 and true, the order of keys, a further message: each comes back as it was sent."""
    raws = [(exchange(n=value),) for value in (1, 1.0, True)]
    raws += [(exchange(a=1, b=2),), (exchange(b=2, a=1),), (exchange("again", probe="p"),)]
    texts, frames = kept(store, *raws)
    assert frames == len(raws)
    assert texts == [json_bytes(raw).decode() for raw in raws]


def test_ratings_of_an_older_store_stay_as_they_are(tmp_path):
    """A store from before there were frames is migrated; its ratings come back whole, and new ones beside them."""
    path, old, (new, *_) = tmp_path / "store.duckdb", ratings()[1:], ratings()
    with duckdb.connect(path) as con:
        migrate(con, path, tuple(one for one in known_migrations() if one.id < FRAMES))
        for one in old:
            row = one.model_dump(mode="json") | {"created_at": MORNING.replace(tzinfo=None)}
            texts = {name: json_bytes(row[name]).decode() for name in ("raw", "params_sent", "blockers")}
            row = {name: value for name, value in (row | texts).items() if value not in (None, "null")}
            query = f"INSERT INTO rating ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})"  # noqa: S608 - our own names
            con.execute(query, list(row.values()))
    store = Store(path)
    assert store.ratings.add([new, *old]) == 1
    expected = {one.cell_hash: one for one in [new, *old]}
    assert {one.cell_hash: one for one in store.ratings.load(expected)} == expected
    assert all(isinstance(one, Rating) and one.raw for one in expected.values())
