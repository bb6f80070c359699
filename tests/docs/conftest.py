"""What a page finds where it is followed: endpoints behind its addresses, and the workspace that it begins with.

The pages say `db_30_1_text`, `people.csv` and http://127.0.0.1:8000/v1; here these are an invented release, invented
labels and a scripted endpoint. On port 8001 the pages reach one that answers at random. Pages that begin with results
find a workspace that was rated, evaluated and published before. Tutorials begin with an empty directory beside a clone,
and the release, the O*NET copy and the weights in it are the real ones.
"""

import shutil

import pytest
from docs_pages import BEGUN_WITH_NOTHING, TUTORIALS
from filelock import FileLock
from road import InventedTask, endpoint, invented_tasks, scorer, write_answers, write_labels, write_onet, write_skills
from shared_data import REPOSITORY

from scorer.artefacts import ArtefactCache
from scorer.workflows.demo import SMALL
from scorer.workflows.sources.onet import OFFLINE, OFFLINE_SKILLS

NAMED = ("8823", "8824", "8831", "8832", "8840", "8841")  # task ids that the pages print
TASKS = [
    *invented_tasks(occupations_per_group=1),
    *(InventedTask(id_, "15-1252.00", f"Carry out the invented duty number {id_}.", "75") for id_ in NAMED),
]
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


@pytest.fixture(scope="session")
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


def settle(workspace, addresses):
    """Raters at the endpoints of this process."""
    right, chance = addresses.values()
    (workspace / "scorer.toml").write_text(SETTINGS.format(right=right, chance=chance))


@pytest.fixture(scope="session")
def published(tmp_path_factory, worker_id, addresses):
    """A workspace with a release: three raters that are right with noise, one that guesses; all workers share one."""
    base = tmp_path_factory.getbasetemp()
    place = (base if worker_id == "master" else base.parent) / "published"
    with FileLock(f"{place}.lock"):
        if not (place / "results.duckdb").exists():
            provide(place)
            settle(place, addresses)
            assert scorer(place, "onet", "import", "db_30_1_text").status == 0
            assert scorer(place, "labels", "import", "people.csv").status == 0
            assert scorer(place, "run", "--all").status == 1  # one is held
    return place


def beside_a_clone(place):
    """An empty directory beside a clone that has been set up."""
    if absent := [name for name in (OFFLINE, OFFLINE_SKILLS, SMALL) if ArtefactCache().path(name) is None]:
        pytest.skip(f"pinned files absent: scorer artefacts pull {' '.join(absent)}")
    (place / "onet-ai-coverage").mkdir()
    shutil.copy(REPOSITORY / "results.duckdb", place / "onet-ai-coverage")
    (place / "study").mkdir()
    return place / "study"


@pytest.fixture
def workspace(request, tmp_path, addresses):
    """Where a page is followed; the parameter is the page, or the notebook."""
    if request.param.startswith(TUTORIALS):
        return beside_a_clone(tmp_path)
    if request.param in BEGUN_WITH_NOTHING:
        provide(tmp_path)
        return tmp_path
    shutil.copytree(request.getfixturevalue("published"), tmp_path, dirs_exist_ok=True)
    settle(tmp_path, addresses)
    (tmp_path / "demo").mkdir()
    shutil.copy(tmp_path / "results.duckdb", tmp_path / "demo" / "results.duckdb")
    return tmp_path
