"""The wheel holds all that the checkout holds: built, put elsewhere, and run from another folder."""

import importlib.util
import os
import subprocess
import sys

import pytest
from shared_data import REPOSITORY


def run(*command, cwd, **environment):
    told = subprocess.run(
        [sys.executable, *map(str, command)],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stdout + told.stderr
    return told.stdout


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory):
    """A folder with the wheel's content, and an empty one to run in."""
    if importlib.util.find_spec("hatchling") is None:
        pytest.fail("hatchling is not installed: pip install --group dev")
    built, place, away = (tmp_path_factory.mktemp(name) for name in ("built", "place", "away"))
    run("-m", "build", "--wheel", "--no-isolation", "--outdir", built, REPOSITORY, cwd=away)
    (wheel,) = built.glob("*.whl")
    run("-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--target", place, wheel, cwd=away)

    def call(*command):
        return run(*command, cwd=away, PYTHONPATH=str(place))

    call.place = place
    return call


def test_the_wheel_is_what_runs(elsewhere):
    """From another folder all three packages come from the wheel, not from the checkout."""
    told = elsewhere("-c", "import scorer, prompts; from eval import gate; print(scorer, prompts, gate)")
    assert told.count(str(elsewhere.place)) == 3


def test_the_command_line_of_the_wheel_answers(elsewhere):
    """`scorer --help` works from the wheel and names its commands."""
    told = elsewhere(elsewhere.place / "bin" / "scorer", "--help")
    assert all(command in told for command in ("demo", "rate", "evaluate", "aggregate", "publish"))


def test_the_wheel_carries_rubrics_policies_and_pinned_files(elsewhere):
    """What is read as a resource is in the wheel: rubrics and their lock, policies, the artefact registry."""
    told = elsewhere(
        "-c",
        "from scorer.rubrics import load_rubric, check_lock; check_lock(); print(load_rubric('coverage').id);"
        "from eval import load_policy; print(load_policy('default').name);"
        "from scorer.artefacts import registry; print('onet-26.1' in registry())",
    )
    assert told.split() == ["coverage@1", "default", "True"]


def test_every_file_of_the_packages_is_in_the_wheel(elsewhere):
    """Nothing that lies in a package is left behind: SQL, TOML, CSV and Markdown as well as Python."""
    missing = [
        str(path.relative_to(REPOSITORY))
        for package in ("scorer", "eval", "prompts")
        for path in (REPOSITORY / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
        if not (elsewhere.place / path.relative_to(REPOSITORY)).is_file()
    ]
    assert missing == []
