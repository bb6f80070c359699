"""A disk that is full: what was answered is kept, one line says so, and the same command goes on when there is room."""

import os
import re
import shutil
import subprocess
from contextlib import contextmanager

import duckdb
import pytest
from road import endpoint, invented_tasks, scorer, stats, write_answers, write_settings

TASKS = invented_tasks(occupations_per_group=1)
IN_FLIGHT = 8
ROOM_FOR_SOME = 1_050_000
"""Bytes that a run may still write: what it notes down at its beginning, and the answers of most of 144 tasks."""


@pytest.fixture
def disk(tmp_path):
    """A disk of 64 MB in memory."""
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(place)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("may not mount a disk: run this one with `unshare -rm`")
    yield place
    subprocess.run(["umount", str(place)], check=True)


@contextmanager
def full_but_for(disk, free):
    """While the block runs, so many bytes of the disk are free."""
    ballast = disk / "ballast"
    with ballast.open("wb") as file:
        about = os.statvfs(disk)
        os.posix_fallocate(file.fileno(), 0, about.f_bavail * about.f_frsize - free)
    yield
    ballast.unlink()


def test_a_full_disk_stops_a_run_that_goes_on_when_there_is_room(tmp_path, disk, imported):
    """Exit 3, one line, nothing corrupt; then every Cell has one row, and only what was in flight is paid for again."""
    place, answers = shutil.copytree(imported, disk / "workspace"), write_answers(tmp_path / "answers.json", TASKS)
    with endpoint("--answers", str(answers), "--latency", "0.01") as url:
        write_settings(place, right=url)
        with full_but_for(disk, ROOM_FOR_SOME):
            full, answered = scorer(place, "rate", "--all"), stats(url)["answered"]
        freed, counted = scorer(place, "rate", "--all"), stats(url)
    assert full.status == 3, full.err
    assert IN_FLIGHT < answered < len(TASKS)
    assert full.err.count("error:") == 1
    assert re.search(r"^error: .*(journal\.jsonl|store\.duckdb).*(disk|device).*$", full.err, re.MULTILINE), full.err
    assert freed.status == 0, freed.err
    assert counted["answered_twice"] <= IN_FLIGHT
    with duckdb.connect(place / ".scorer" / "store.duckdb", read_only=True) as store:
        found = store.execute(
            "SELECT count(*), count(DISTINCT cell_hash) FROM rating WHERE status = 'rated'"
        ).fetchone()
    assert found == (len(TASKS), len(TASKS))
