"""Every block on a page is run, as a reader runs it from top to bottom, in a workspace of the page's own.

The pages say `db_30_1_text`, `people.csv` and http://127.0.0.1:8000/v1; here these are an invented release, invented
labels and a scripted endpoint. On port 8001 the pages reach one that answers at random. Pages that begin with results
find a workspace that was rated, evaluated and published before.
"""

import os
import shutil
import subprocess
import sys
import warnings
from pathlib import Path

import duckdb
import nbformat
import pytest
from docs_pages import DOCS, RUN, SHOWN, WRITTEN, blocks, hand_written
from nbclient import NotebookClient
from road import InventedTask, endpoint, invented_tasks, scorer, write_answers, write_labels, write_onet, write_skills

from eval.labels import read_labels
from scorer.rubrics import available

NAMED = ("8823", "8824", "8831", "8832", "8840", "8841")  # task ids that the pages print
TASKS = [
    *invented_tasks(occupations_per_group=1),
    *(InventedTask(id_, "15-1252.00", f"Carry out the invented duty number {id_}.", "75") for id_ in NAMED),
]
NOTEBOOKS = sorted((DOCS / "notebooks").glob("*.ipynb"))
RATED = [page for page in hand_written() if any(block.language in RUN for block in blocks(page))]
SETTINGS = """
[raters.model-a]
provider = "openai"
model = "model-a"
base_url = "{right}"
params = {{ logprobs = true, top_logprobs = 5 }}

[raters.model-b]
provider = "openai"
model = "model-b"
base_url = "{right}"

[raters.model-c]
provider = "openai"
model = "model-c"
base_url = "{right}"

[raters.model-d]
provider = "openai"
model = "model-d"
base_url = "{chance}"
"""


@pytest.fixture(scope="module")
def addresses(tmp_path_factory):
    """What the pages call the endpoints, and where they are here."""
    answers = write_answers(tmp_path_factory.mktemp("endpoint") / "answers.json", TASKS)
    with endpoint("--answers", str(answers), "--noise", "0.15") as right, endpoint("--random") as chance:
        yield {"http://127.0.0.1:8000/v1": right, "http://127.0.0.1:8001/v1": chance}


def provide(workspace):
    """The files that a reader brings."""
    write_onet(workspace / "db_30_1_text", TASKS)
    write_skills(workspace / "db_30_1_text", TASKS)
    write_labels(workspace / "people.csv", TASKS)
    return workspace


@pytest.fixture(scope="module")
def published(tmp_path_factory, addresses):
    """A workspace with a release: three raters that are right with noise, one that guesses."""
    workspace = provide(tmp_path_factory.mktemp("published"))
    right, chance = addresses.values()
    (workspace / "scorer.toml").write_text(SETTINGS.format(right=right, chance=chance))
    assert scorer(workspace, "onet", "import", "db_30_1_text").status == 0
    assert scorer(workspace, "labels", "import", "people.csv").status == 0
    assert scorer(workspace, "run", "--all").status == 1  # one is held
    return workspace


@pytest.fixture
def workspace(request, tmp_path, addresses):
    """Where the blocks of a page run; `addresses` are up meanwhile."""
    assert addresses
    if request.param in {"docs/researchers.md", "researcher"}:
        return provide(tmp_path)
    shutil.copytree(request.getfixturevalue("published"), tmp_path, dirs_exist_ok=True)
    (tmp_path / "demo").mkdir()
    shutil.copy(tmp_path / "results.duckdb", tmp_path / "demo" / "results.duckdb")
    return tmp_path


def run(command: list[str], workspace: Path) -> subprocess.CompletedProcess[str]:
    """A command as the page's reader runs it: the environment's programs first, no settings from outside."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    given = {name: value for name, value in os.environ.items() if name != "SCORER_WORKSPACE"}
    environment = {**given, "PATH": path, "COLUMNS": "160"}
    return subprocess.run(
        command, cwd=workspace, env=environment, capture_output=True, text=True, timeout=120, check=False
    )


def command_of(language: str, text: str) -> list[str]:
    """The program that runs a block; `make` makes environments and has tests of its own, so its lines are left out."""
    if language == "python":
        return [sys.executable, "-c", text]
    script = "\n".join(line for line in text.splitlines() if not line.startswith("make "))
    return ["bash", "-euo", "pipefail", "-c", script]


def run_block(block, workspace, addresses):
    """Run one block; an assertion says which and what it said."""
    text = block.text
    for written, real in addresses.items():
        text = text.replace(written, real)
    if block.writes:
        (workspace / block.writes).write_text(text)
    elif block.language == "sql":
        with duckdb.connect(workspace / "results.duckdb", read_only=True) as release:
            assert release.execute(text).fetchall(), f"{block}: nothing found"
    elif block.language in RUN:
        script = "\n".join(line for line in text.splitlines() if not line.startswith("make "))
        command = (
            [sys.executable, "-c", text] if block.language == "python" else ["bash", "-euo", "pipefail", "-c", script]
        )
        said = run(command, workspace)
        assert said.returncode == block.exits, f"{block}: exit {said.returncode}\n{said.stdout}\n{said.stderr}"


@pytest.mark.parametrize(("page", "workspace"), [(page, page) for page in RATED], indirect=["workspace"])
def test_the_blocks_of_a_page_run(page, workspace, addresses):
    """From top to bottom each block ends as the page says, and each query finds something."""
    for block in blocks(page):
        run_block(block, workspace, addresses)


@pytest.mark.parametrize("page", hand_written())
def test_every_block_is_one_that_somebody_checks(page):
    """A block is run, written to a file that it names, or plainly only shown."""
    for block in blocks(page):
        assert block.language in (*RUN, *WRITTEN, *SHOWN), str(block)
        assert (block.language in WRITTEN) == (block.writes is not None), str(block)


def test_the_label_files_on_the_pages_are_label_files(tmp_path):
    """A CSV that a page shows as labels is read without a refused row."""
    shown = [
        block for page in hand_written() for block in blocks(page) if block.text.startswith("task_id,rubric,labeller")
    ]
    assert shown
    for number, block in enumerate(shown):
        file = tmp_path / f"{number}.csv"
        file.write_text(block.text)
        assert read_labels(file, "shown", available()).refused == (), str(block)


@pytest.mark.parametrize(("notebook", "workspace"), [(n, n.stem) for n in NOTEBOOKS], indirect=["workspace"], ids=str)
def test_the_notebooks_run(notebook, workspace, addresses, monkeypatch):
    """Each tutorial runs from its first cell to its last, and none is kept with the outcome of a machine."""
    text = notebook.read_text(encoding="utf-8")
    cells = nbformat.reads(text, as_version=4)
    assert not any(cell.get("outputs") for cell in cells.cells)
    for written, real in addresses.items():
        text = text.replace(written, real)
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.delenv("SCORER_WORKSPACE", raising=False)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what the kernel's libraries say of each other is not about the tutorial
        client = NotebookClient(
            nbformat.reads(text, as_version=4), timeout=120, resources={"metadata": {"path": str(workspace)}}
        )
        executed = client.execute()
    shell = [out.get("text", "") for cell in executed.cells for out in cell.get("outputs", [])]
    assert not [said for said in shell if said.startswith("error:")]
