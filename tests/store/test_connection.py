"""Opening, waiting, and saying plainly what is wrong with a file."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time

import duckdb
import pytest
from store_samples import MORNING, RATERS, cell, onet_release, rating

from scorer.errors import StoreBusyError, StoreCorruptError, StoreError
from scorer.store import Store

HOLD = """
import sys, time, duckdb
con = duckdb.connect(sys.argv[1])
print("held", flush=True)
time.sleep(float(sys.argv[2]))
"""
WRITE = """
import sys
from pathlib import Path
from store_samples import RATERS, cell, rating
from scorer.store import Store
store, one, number = Store(Path(sys.argv[1])), rating(cell("1", RATERS[0])), 0
while True:
    batch = [one.model_copy(update={"rating_id": f"{number}-{i}"}) for i in range(50)]
    store.ratings.add(batch)
    number += 1
    print(number, flush=True)
"""


def child(script, *arguments):
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.Popen(
        [sys.executable, "-c", script, *map(str, arguments)], stdout=subprocess.PIPE, text=True, env=environment
    )


@pytest.fixture
def path(tmp_path):
    return tmp_path / ".scorer" / "store.duckdb"


def test_a_store_is_made_on_first_use(path):
    """Nothing need be there before, not even the directory."""
    assert Store(path).ratings.known() == {}
    assert path.is_file()


def test_a_held_store_is_waited_for(path):
    """A use that meets another process waits, and works when that process has gone."""
    Store(path).counts()
    with child(HOLD, path, 0.7) as holder:
        holder.stdout.readline()
        assert Store(path, wait_s=20).catalogue.add(onet_release())


def test_a_store_held_too_long_names_its_holder_in_time(path):
    """After wait_s the error names the process that holds the store and what to do."""
    Store(path).counts()
    with child(HOLD, path, 60) as holder:
        holder.stdout.readline()
        started = time.monotonic()
        with pytest.raises(StoreBusyError, match=rf"store\.duckdb is held by process {holder.pid} .*let it finish"):
            Store(path, wait_s=0.5).ratings.known()
        holder.kill()
    assert 0.4 < time.monotonic() - started < 10


def test_another_thread_that_holds_the_store_is_waited_for_no_longer(path):
    """Threads of one process exclude each other as processes do."""
    store, entered, leave = Store(path, wait_s=0.1), threading.Event(), threading.Event()

    def hold():
        with store.held():
            entered.set()
            leave.wait(20)

    thread = threading.Thread(target=hold)
    thread.start()
    entered.wait(20)
    with pytest.raises(StoreBusyError, match="another thread"):
        Store(path, wait_s=0.1).counts()
    leave.set()
    thread.join()


def test_many_threads_lose_nothing(path):
    """Ratings added from several threads at once all arrive, once."""
    store, one = Store(path, wait_s=60), rating(cell("1", RATERS[0]))

    def add(thread):
        for number in range(4):
            store.ratings.add([one.model_copy(update={"rating_id": f"{thread}-{number}"})] * 2)

    threads = [threading.Thread(target=add, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.counts()["rating"] == 16


def test_a_held_store_stays_usable_for_its_holder(path):
    """Calls inside `held` work, and nobody changes the store between them."""
    store = Store(path)
    with store.held():
        store.catalogue.add(onet_release())
        assert store.catalogue.load().name == "30.1"


def test_a_killed_writer_loses_no_committed_row(path):
    """Whatever a writer reported as added is there after kill -9, and no batch is there in part."""
    with child(WRITE, path) as writer:
        reported = [int(writer.stdout.readline()) for _ in range(4)][-1]
        writer.send_signal(signal.SIGKILL)
        rest = writer.stdout.read().split()
    rows = Store(path).counts()["rating"]
    assert rows >= 50 * int(rest[-1] if rest else reported)
    assert rows % 50 == 0


@pytest.mark.parametrize(
    "content", [b"", b"hi", b"hello world " * 2000, b"\0" * 20_000], ids=["empty", "short", "text", "zeros"]
)
def test_what_is_no_store_is_called_so(path, content):
    """A file that is no DuckDB file is refused with its name and what to do, and is left as it is."""
    path.parent.mkdir()
    path.write_bytes(content)
    with pytest.raises(StoreCorruptError, match=r"store\.duckdb is not a DuckDB file or is damaged .*move it away"):
        Store(path, wait_s=0.1).counts()
    assert path.read_bytes() == content


def test_a_sqlite_file_is_no_store(path):
    """A file of another database fetches no extension: it is refused."""
    path.parent.mkdir()
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE t (a)")
    connection.commit()
    connection.close()
    with pytest.raises(StoreCorruptError, match="not a DuckDB file"):
        Store(path).counts()


def test_another_database_is_no_store(path):
    """A DuckDB file without our record of migrations is not touched."""
    path.parent.mkdir()
    with duckdb.connect(path) as other:
        other.execute("CREATE TABLE mine (a INTEGER)")
    with pytest.raises(StoreCorruptError, match="not a scorer store"):
        Store(path).counts()
    with duckdb.connect(path) as other:
        assert other.execute("SELECT table_name FROM duckdb_tables()").fetchall() == [("mine",)]


@pytest.mark.parametrize("damage", ["torn", "scribbled", "headless"])
def test_a_damaged_store_is_called_damaged(path, damage):
    """Half a file, overwritten blocks or a broken header end in one clear error, not in wrong rows."""
    one = rating(cell("1", RATERS[0]))
    Store(path).ratings.add(
        one.model_copy(update={"rating_id": f"{i:064}", "rationale": f"{i}"}) for i in range(20_000)
    )
    content = bytearray(path.read_bytes())
    if damage == "torn":
        content = content[: len(content) // 2]
    elif damage == "scribbled":
        content[12_288:] = bytes(b ^ 0x5A for b in content[12_288:])
    else:
        content[:12_288] = bytes(12_288)
    path.write_bytes(content)
    with pytest.raises(StoreCorruptError, match="damaged"):
        Store(path).ratings.load([one.cell_hash])


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    """A directory where the file should be is one clear error."""
    with pytest.raises(StoreError, match="cannot be used"):
        Store(tmp_path, wait_s=0.1).counts()


def test_a_store_may_lie_under_any_name(tmp_path):
    """Quotes and spaces in a path are only letters."""
    store = Store(tmp_path / 'it\'s a "place"' / "store.duckdb")
    assert store.ratings.add([rating(cell("1", RATERS[0]), created_at=MORNING)]) == 1


def test_what_a_failed_session_left_attached_is_gone_with_it(tmp_path):
    """A session that attached a file and failed keeps nobody from attaching another one under that name."""
    store = Store(tmp_path / "store.duckdb")
    for name in ("one", "other"):
        with pytest.raises(duckdb.CatalogException), store.file.session() as con:
            con.execute(f"ATTACH '{tmp_path / name}' AS outgoing; SELECT * FROM nowhere")  # noqa: S608 - our own path
    assert store.counts()["rating"] == 0
