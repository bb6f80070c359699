"""What the end-to-end tests share: an invented O*NET release, scripted endpoints, and the command itself."""

import csv
import hashlib
import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import quick_commands

TESTS = Path(__file__).resolve().parent
CATEGORIES = ("0", "25", "50", "75", "100")
GROUPS = ("11", "13", "15", "17", "19", "21", "23", "25", "27", "29", "31", "33")
PER_OCCUPATION = 12


@dataclass(frozen=True)
class InventedTask:
    task_id: str
    code: str
    statement: str
    category: str


def invented_tasks(occupations_per_group: int = 2) -> list[InventedTask]:
    """Tasks of invented occupations in twelve SOC groups; what is right about each follows from its id."""
    tasks = []
    for group in GROUPS:
        for number in range(1, occupations_per_group + 1):
            code = f"{group}-9{number:03d}.00"
            for place in range(PER_OCCUPATION):
                task_id = str(10_000 + len(tasks))
                turn = int(hashlib.sha256(task_id.encode()).hexdigest(), 16)
                statement = f"Carry out step {place} of the invented routine of occupation {code}, number {task_id}."
                tasks.append(InventedTask(task_id, code, statement, CATEGORIES[turn % len(CATEGORIES)]))
    return tasks


def write_onet(directory: Path, tasks: list[InventedTask]) -> Path:
    """The official text files of a release that has these tasks; half of them core."""
    directory.mkdir(parents=True)
    codes = sorted({task.code for task in tasks})
    table(
        directory / "Occupation Data.txt",
        [
            ("O*NET-SOC Code", "Title", "Description"),
            *((c, f"Invented occupation {c}", "It is invented.") for c in codes),
        ],
    )
    kinds = ("Core", "Supplemental")
    table(
        directory / "Task Statements.txt",
        [
            ("O*NET-SOC Code", "Task ID", "Task", "Task Type", "Incumbents Responding", "Date", "Domain Source"),
            *(
                (t.code, t.task_id, t.statement, kinds[i % 2], "40", "08/2025", "Incumbent")
                for i, t in enumerate(tasks)
            ),
        ],
    )
    header = ("O*NET-SOC Code", "Task ID", "Scale ID", "Category", "Data Value", "N", "Standard Error")
    rest = ("Lower CI Bound", "Upper CI Bound", "Recommend Suppress", "Date", "Domain Source")
    row = ("n/a", "n/a", "n/a", "n/a", "n/a", "08/2025", "Incumbent")
    table(
        directory / "Task Ratings.txt",
        [(*header, *rest), *((t.code, t.task_id, "IM", "n/a", "4.00", *row) for t in tasks)],
    )
    return directory


def write_skills(directory: Path, tasks: list[InventedTask]) -> None:
    """One invented skill, the same for each occupation."""
    header = ("O*NET-SOC Code", "Element ID", "Element Name", "Scale ID", "Data Value", "N", "Standard Error")
    rest = ("Lower CI Bound", "Upper CI Bound", "Recommend Suppress", "Not Relevant", "Date", "Domain Source")
    row = ("8", "0.12", "3.5", "4.5", "N", "n/a", "08/2025", "Analyst")
    codes = sorted({task.code for task in tasks})
    rows = [(code, "2.A.1.a", "Invented Listening", "IM", "4.00", *row) for code in codes]
    table(directory / "Skills.txt", [(*header, *rest), *rows])


def table(path: Path, rows: list[tuple[str, ...]]) -> None:
    path.write_bytes("".join("\t".join(row) + "\r\n" for row in rows).encode())


def write_labels(path: Path, tasks: list[InventedTask]) -> Path:
    """Labels by a person, right about every task."""
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("task_id", "rubric", "labeller", "category", "note", "created_at"))
        writer.writerows((t.task_id, "coverage@1", "anna", t.category, "", "2026-11-01") for t in tasks)
    return path


def write_answers(path: Path, tasks: list[InventedTask]) -> Path:
    """What a scripted endpoint knows: the right category of each statement."""
    path.write_text(json.dumps({task.statement: task.category for task in tasks}))
    return path


@contextmanager
def endpoint(*options: str) -> Iterator[str]:
    """A scripted endpoint in a process of its own; gives its base_url."""
    command = [sys.executable, str(TESTS / "fake_server.py"), "--port", "0", "--follow-stdin", *options]
    server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    with server:
        try:
            yield f"http://127.0.0.1:{server.stdout.readline().strip()}/v1"
        finally:
            server.kill()


def stats(base_url: str) -> dict:
    """What the endpoint counted."""
    with urllib.request.urlopen(base_url.removesuffix("/v1") + "/stats", timeout=10) as answer:  # noqa: S310 - our own server
        return json.load(answer)


def start_scorer(workspace: Path, *arguments: str, **environment: str) -> subprocess.Popen:
    """The command as a user starts it, in a process of its own, not waited for."""
    command = [sys.executable, "-m", "scorer", "--workspace", str(workspace), *arguments]
    env = {**os.environ, "COLUMNS": "200", **environment}
    return subprocess.Popen(command, cwd=workspace, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@dataclass(frozen=True)
class Said:
    status: int
    out: str
    err: str

    def json(self):
        return json.loads(self.out)


def scorer(workspace: Path, *arguments: str, **environment: str) -> Said:
    """The command as a user runs it: exit status and what it said."""
    command = [str(quick_commands.start() / "scorer"), "--workspace", str(workspace), *arguments]
    env = {**os.environ, "COLUMNS": "200", **environment}
    run = subprocess.run(command, cwd=workspace, env=env, capture_output=True, text=True, timeout=240, check=False)
    return Said(run.returncode, run.stdout, run.stderr)


def write_settings(workspace: Path, **base_urls: str) -> None:
    """A scorer.toml with one rater a keyword, each at its own endpoint."""
    raters = "".join(
        f'[raters.{name}]\nprovider = "openai"\nmodel = "{name}-model"\nbase_url = "{url}"\n'
        f"limits = {{ concurrency = 8 }}\n\n"
        for name, url in base_urls.items()
    )
    (workspace / "scorer.toml").write_text(raters)


@contextmanager
def at_work(
    workspace: Path, command: str, *, latency: float, answered: int
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A run over all invented tasks (one occupation a group) that has had so many answers; and its endpoint."""
    answers = write_answers(workspace / "answers.json", invented_tasks(occupations_per_group=1))
    with endpoint("--answers", str(answers), "--latency", str(latency)) as url:
        write_settings(workspace, right=url)
        run = start_scorer(workspace, command, "--all")
        wait_for(lambda: stats(url).get("200", 0) >= answered)
        yield run, url


def wait_for(condition, seconds=60):
    """Poll until the condition holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)
