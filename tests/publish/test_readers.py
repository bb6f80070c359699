"""Readers of a release: any number, of an older DuckDB too, while the store is written and releases are replaced."""

import os
import subprocess
import sys
import zipfile

import pytest
from store_samples import filled_store

from scorer.artefacts.registry import WheelPart
from scorer.artefacts.source import SourceError
from scorer.artefacts.wheels import pip_download
from scorer.publish import publish
from scorer.store import release_schema

PUBLICATIONS = int(os.environ.get("SCORER_PUBLICATIONS", "6"))
"""How often a release is replaced under its readers; `make soak` asks for a hundred."""
READ = """
import sys, time, duckdb
from pathlib import Path
seen, stop = set(), Path(sys.argv[2])
while True:
    is_last = stop.exists()
    with duckdb.connect(sys.argv[1], read_only=True) as con:
        (count,), = con.execute("SELECT count(*) FROM rating WHERE score IS NOT NULL").fetchall()
        (stated,), = con.execute("SELECT (manifest->>'$.tables.rating.rows')::INTEGER FROM release").fetchall()
        assert (count, stated) == (5, 6), (count, stated)
        seen.add(con.execute("SELECT manifest->>'$.facts.number' FROM release").fetchone()[0])
    print("reading", flush=True) if len(seen) == 1 else None
    if is_last:
        break
    time.sleep(0.02)
print(len(seen))
"""
WRITE = """
import sys
from pathlib import Path
from store_samples import RATERS, cell, rating
from scorer.store import Store
store, one, number = Store(Path(sys.argv[1])), rating(cell("1", RATERS[0])), 0
with store.held():
    print("writing", flush=True)
    while True:
        store.ratings.add([one.model_copy(update={"rating_id": f"{number}"})])
        number += 1
"""
QUERY = """
import sys
sys.path.insert(0, sys.argv[1])
import duckdb
assert duckdb.__version__ == sys.argv[3], duckdb.__version__
with duckdb.connect(sys.argv[2], read_only=True) as con:
    for table in sys.argv[4:]:
        names = [name for name, *_ in con.execute(f"SELECT * FROM {table}").description]
        found = con.execute(f"SELECT * FROM {table}").fetchall()
        comment = con.execute(
            "SELECT comment FROM duckdb_tables() WHERE table_name = ? UNION ALL "
            "SELECT comment FROM duckdb_views() WHERE view_name = ?", [table, table]).fetchone()[0]
        assert comment and names
        print(table, len(found))
    print(con.execute("SELECT raw->>'$[0].request.messages[0].role' FROM rating LIMIT 1").fetchone()[0])
"""


def python(script, *arguments, **options):
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", script, *map(str, arguments)]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment, **options
    )


def test_readers_never_meet_a_lock_or_half_a_release(tmp_path):
    """Eight processes read while the release is replaced over and over: each sees whole releases, old or new."""
    store, out, stop = filled_store(tmp_path / "store.duckdb"), tmp_path / "results.duckdb", tmp_path / "stop"
    publish(store, out, facts={"number": 0})
    readers = [python(READ, out, stop) for _ in range(8)]
    assert {reader.stdout.readline() for reader in readers} == {"reading\n"}
    for number in range(1, PUBLICATIONS + 1):
        publish(store, out, facts={"number": number})
    stop.touch()
    told = [reader.communicate(timeout=120)[0].splitlines() for reader in readers]
    assert [reader.returncode for reader in readers] == [0] * 8, told
    assert min(int(lines[-1]) for lines in told) >= 2


@pytest.fixture(scope="session", params=["1.4.5", "1.5.6", "2.0.1"])
def client_version(request):
    """The DuckDB versions that a release promises to be read by."""
    return request.param


@pytest.fixture(scope="session")
def client(tmp_path_factory, client_version):
    """A real DuckDB client of that version: its wheel, fetched as pinned files are, unpacked, installed nowhere."""
    place = tmp_path_factory.mktemp("duckdb")
    try:
        wheel = pip_download(WheelPart(package="duckdb", version=client_version, member="*"), place / "wheel")
    except SourceError as reason:
        if os.environ.get("CI"):
            pytest.fail(f"no DuckDB {client_version}: {reason}")
        pytest.skip(f"no package index gives DuckDB {client_version}: {reason}")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(place / "unpacked")
    return place / "unpacked"


@pytest.mark.index
def test_clients_read_every_table_while_the_store_is_written(tmp_path, client, client_version):
    """DuckDB 1.4, 1.5 and 2.0 query every documented table and view, comments included, while a writer is at work."""
    out, store = tmp_path / "results.duckdb", filled_store(tmp_path / "store.duckdb")
    publish(store, out)
    tables = [table.name for table in release_schema().tables]
    with python(WRITE, store.path) as writer:
        assert writer.stdout.readline() == "writing\n"
        with python(QUERY, client, out, client_version, *tables) as reader:
            told = reader.stdout.read().split("\n")
        writer.kill()
    assert reader.returncode == 0, told
    assert [line.split()[0] for line in told[: len(tables)]] == tables
    assert "rating 6" in told
    assert told[len(tables)] == "user"
