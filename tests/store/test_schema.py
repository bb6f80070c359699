"""Migrations: each whole or not at all, older stores copied first, newer ones left alone."""

import duckdb
import pytest
from store_samples import filled_store, onet_release

from scorer.domain.base import sha256_text
from scorer.errors import StoreError, StoreTooNewError
from scorer.store import Store
from scorer.store.schema import Migration, known_migrations, migrate

NEWEST = known_migrations()[-1].id
NEXT = Migration(NEWEST + 1, "9999_more", "CREATE TABLE more (a INTEGER); INSERT INTO more VALUES (1);")


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path / "store.duckdb", wait_s=1)
    store.catalogue.add(onet_release())
    return store


def backups(store):
    return sorted(store.path.parent.glob("store.duckdb.before-*"))


def test_migrations_are_numbered_upwards():
    """The number in a file's name is its identity, and its order."""
    numbers = [m.id for m in known_migrations()]
    assert numbers == sorted(set(numbers))


def test_a_number_that_was_left_open_is_filled_in_later(store):
    """A step whose number lies below those already applied is applied all the same, once."""
    later = NEXT._replace(id=NEWEST + 5, sql="CREATE TABLE later (a INTEGER)")
    with duckdb.connect(store.path) as con:
        assert migrate(con, store.path, (*known_migrations(), later)) == (later,)
        assert migrate(con, store.path, (*known_migrations(), NEXT, later)) == (NEXT,)
        assert migrate(con, store.path, (*known_migrations(), NEXT, later)) == ()


def test_every_migration_leaves_its_record(store):
    """The store knows by name and hash what was applied to it."""
    with duckdb.connect(store.path) as con:
        found = con.execute("SELECT id, name, sha256 FROM migration").fetchall()
    assert found == [(m.id, m.name, sha256_text(m.sql)) for m in known_migrations()]


def test_a_store_is_migrated_once(store):
    """A store of this version's schema is not touched again."""
    with duckdb.connect(store.path) as con:
        assert migrate(con, store.path) == ()
    assert not backups(store)


def test_an_older_store_is_copied_before_it_is_migrated(store):
    """The copy beside the store has the old schema and all rows; the store has the new one."""
    known = (*known_migrations(), NEXT)
    with duckdb.connect(store.path) as con:
        assert migrate(con, store.path, known) == (NEXT,)
        assert con.execute("SELECT * FROM more").fetchall() == [(1,)]
    (backup,) = backups(store)
    assert backup.name.startswith(f"store.duckdb.before-{NEXT.id:04d}-")
    assert Store(backup).catalogue.load() == onet_release()


def test_a_migration_that_fails_leaves_nothing(store):
    """Neither half of its tables nor its record stays, and the store works as before."""
    broken = NEXT._replace(sql="CREATE TABLE half (a INTEGER); SELECT nothing;")
    with duckdb.connect(store.path) as con:
        with pytest.raises(duckdb.Error):
            migrate(con, store.path, (*known_migrations(), broken))
        tables = con.execute("SELECT table_name FROM duckdb_tables() WHERE table_name = 'half'").fetchall()
    assert tables == []
    assert store.catalogue.load() == onet_release()


def test_a_newer_store_is_left_alone(store):
    """What a newer scorer wrote is refused with the numbers and the way out."""
    with duckdb.connect(store.path) as con:
        migrate(con, store.path, (*known_migrations(), NEXT))
    with pytest.raises(
        StoreTooNewError, match=f"has schema {NEXT.id}, this scorer knows up to {NEWEST}: install the newer"
    ):
        store.counts()


def test_another_build_of_the_same_schema_is_refused(store):
    """The same number with another text is another schema."""
    with duckdb.connect(store.path) as con:
        con.execute("UPDATE migration SET sha256 = 'other'")
    with pytest.raises(StoreError, match="another build"):
        store.counts()


def test_the_copy_of_a_full_store_is_whole(tmp_path):
    """Every table of a store that went down the whole road is in its backup, row for row."""
    store = filled_store(tmp_path / "store.duckdb")
    with duckdb.connect(store.path) as con:
        migrate(con, store.path, (*known_migrations(), NEXT))
    (backup,) = backups(store)
    with duckdb.connect(backup) as con:
        assert con.execute("SELECT count(*) FROM rating").fetchall() == [(6,)]
    assert Store(backup).outcomes.latest_verdicts() != []
