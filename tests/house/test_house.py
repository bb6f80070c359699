"""The rules of the house that no linter keeps. An exception stands in a list here, with its reason."""

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from shared_data import REPOSITORY

import prompts
from scorer.rubrics import available, check_lock

PACKAGES = ("scorer", "eval", "prompts")
MAX_LINES = 300
MAX_FUNCTION_LINES = 50
LONG_FILES: dict[str, str] = {}  # path -> reason
LONG_FUNCTIONS: dict[str, str] = {}  # path:name -> reason
VAGUE = re.compile(r"(^|_)(info|manager|helpers?|utils?)($|_)|^process_|^(data|item|result)$")
NAMED_BY_OTHERS: dict[str, str] = {}  # path:name -> reason

Function = ast.FunctionDef | ast.AsyncFunctionDef


def sources(*folders):
    return sorted(path for folder in folders for path in (REPOSITORY / folder).rglob("*.py"))


def trees(*folders):
    for path in sources(*folders):
        yield path.relative_to(REPOSITORY).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def functions(tree):
    return [node for node in ast.walk(tree) if isinstance(node, Function)]


def snake(name):
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def names_of(tree):
    """Every name that a module gives: functions, classes, arguments, variables, attributes of its own."""
    for node in ast.walk(tree):
        if isinstance(node, Function | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.attr


def imports_of(tree):
    return [alias for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]


def test_there_is_something_to_keep_in_order():
    """The checks below look at the whole project, so they see every package and the tests."""
    seen = {name.split("/")[0] for name, _ in trees(*PACKAGES, "tests")}
    assert seen == {*PACKAGES, "tests"}


def test_files_stay_short():
    """No Python file has more than 300 lines, unless it is listed with a reason."""
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in sources(*PACKAGES, "tests", "docs")}
    long = {path.relative_to(REPOSITORY).as_posix(): n for path, n in lengths.items() if n > MAX_LINES}
    assert set(long) == set(LONG_FILES), long


def test_functions_stay_short():
    """No function has more than 50 lines, signature and docstring counted, unless it is listed with a reason."""
    long = {
        f"{name}:{node.name}": node.end_lineno - node.lineno + 1
        for name, tree in trees(*PACKAGES, "tests", "docs")
        for node in functions(tree)
        if node.end_lineno - node.lineno + 1 > MAX_FUNCTION_LINES
    }
    assert set(long) == set(LONG_FUNCTIONS), long


def test_nothing_hides_the_builtin_eval():
    """The harness is imported as `from eval.x import y`, never as `import eval` or `import eval.x`."""
    found = [
        f"{name}:{alias.name}"
        for name, tree in trees(*PACKAGES, "tests", "docs", "benchmarks")
        for alias in imports_of(tree)
        if alias.name.split(".")[0] == "eval" or alias.asname == "eval"
    ]
    assert found == []


def test_the_builtin_eval_is_never_called():
    """No text, least of all a model's, is run as code: there is no call of eval or exec."""
    found = [
        f"{name}:{node.lineno}"
        for name, tree in trees(*PACKAGES)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"eval", "exec"}
    ]
    assert found == []


def test_every_test_says_what_is_true():
    """Each test function has a docstring of one paragraph that ends like a sentence."""
    silent = [
        f"{name}:{node.name}"
        for name, tree in trees("tests")
        for node in functions(tree)
        if node.name.startswith("test_")
        and not re.fullmatch(r"(?s)(?!.*\n\s*\n).*[.!?]", ast.get_docstring(node) or "")
    ]
    assert silent == []


def test_names_say_what_things_are():
    """Nothing is called data, item, result, info, manager, helper, utils or process_something."""
    found = {
        f"{name}:{given}"
        for name, tree in trees("scorer", "eval")
        for given in names_of(tree)
        if VAGUE.search(snake(given))
    }
    found |= {str(p.relative_to(REPOSITORY)) for p in sources("scorer", "eval") if VAGUE.search(p.stem)}
    assert found == set(NAMED_BY_OTHERS)


@pytest.mark.parametrize("name", ["connection_manager", "AgentInfo", "process_row", "data", "utils", "TestHelper"])
def test_the_check_of_names_finds_them(name):
    """What is banned is seen in snake case and in camel case."""
    assert VAGUE.search(snake(name))


@pytest.mark.parametrize("name", ["data_dictionary", "processed", "information", "result_of", "items"])
def test_the_check_of_names_lets_others_be(name):
    """Words that only contain a banned one are no offence."""
    assert not VAGUE.search(snake(name))


def test_every_module_says_what_it_is():
    """Each module of the engine, the harness and the prompts has a docstring."""
    silent = [name for name, tree in trees(*PACKAGES) if not ast.get_docstring(tree)]
    assert silent == []


def test_used_rubrics_are_as_they_were_locked():
    """The lock holds every shipped rubric version, and each file is the one that was locked."""
    check_lock()
    lock = (Path(prompts.__file__).parent / "prompts.lock").read_text(encoding="utf-8")
    assert [rubric.id for rubric in available() if rubric.id not in lock] == []


def test_floors_and_doors_are_kept():
    """import-linter finds nobody importing from above, through a wall or in a circle."""
    lint = shutil.which("lint-imports", path=Path(sys.executable).parent)
    assert lint, "import-linter is not installed: pip install --group dev"
    told = subprocess.run([lint, "--no-cache"], cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout
