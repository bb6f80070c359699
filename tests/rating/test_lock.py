"""One run at a time in a workspace."""

import os
import subprocess
import sys

import pytest

from scorer.errors import RunError
from scorer.rating.lock import run_lock

HOLD = """
import sys
from pathlib import Path
from scorer.rating.lock import run_lock
with run_lock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_run_is_told_which_process_holds_the_first(tmp_path):
    """The error names the pid of the run at work, and the lock is free again when that process is killed."""
    path = tmp_path / "run.lock"
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with holder:
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(RunError, match=str(holder.pid)), run_lock(path):
            pass
        holder.kill()
    with run_lock(path):
        assert path.with_suffix(".pid").read_text().strip() == str(os.getpid())
