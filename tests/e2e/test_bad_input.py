"""What people get wrong in files and names: one clear line says what, where and what to do now; nothing is lost."""

import zipfile

import pytest
from road import invented_tasks, write_labels, write_onet

from scorer.artefacts import registry

TASKS = invented_tasks(occupations_per_group=1)
RATER = '[raters.one]\nprovider = "openai"\nmodel = "m"\nbase_url = "http://127.0.0.1:9/v1"\n'
HEADER = "task_id,rubric,labeller,category,note,created_at\n"


def write(path, text):
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        (RATER + 'modl = "x"\n', ["scorer.toml line 5", "unknown key `modl`", "did you mean `model`?"]),
        (RATER + 'timeout_s = "long"\n', ["line 5", "`timeout_s` in [raters.one] must be a number, not a text"]),
        ("[raters.one\n", ["line 1", "not valid TOML"]),
        (b"\xff\xfe", ["is not UTF-8 text"]),
        (RATER + '[aggregate]\nweights = "core3"\n', ["line 6", "must be `core2`"]),
        (RATER + '[panel]\nraters = ["won"]\n', ["unknown rater `won`", "did you mean `one`?"]),
        ('[raters.one]\nprovider = "embedded"\nmodel = "smollm"\n', ["no artefact `smollm`", "did you mean `smollm2"]),
    ],
)
def test_a_wrong_setting_is_told_with_its_line_and_what_is_right(command, settings, told):
    """Unknown keys, wrong types, syntax and unknown names in scorer.toml stop a command before it does anything."""
    write(command.workspace / "scorer.toml", settings)
    line = command.fails("rate", "--all")
    assert all(words in line for words in told), line


def test_two_wrong_settings_are_told_at_once(command):
    """Nobody mends a file one error at a time: one line a problem, in the order of the file."""
    write(command.workspace / "scorer.toml", RATER + 'modl = "x"\n[panel]\nreduce = "average"\n')
    first, second = command("plan", "--all").err.splitlines()
    assert "line 5: unknown key `modl`" in first
    assert "line 7: `reduce` in [panel] must be `mean`, `median`, `mode` or `dawid-skene`" in second


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["plan", "--all", "--rater", "smolm2-135m"], ["unknown rater", "did you mean `smollm2-135m-instruct`?"]),
        (["plan", "--all", "--rubric", "coverag"], ["unknown rubric `coverag`", "did you mean `coverage`?"]),
        (["plan", "--all", "--rubric", "coverage@7"], ["no version `7`", "coverage@1"]),
        (["plan", "--all", "--rubric", "folder/coverage"], ["must end in .md"]),
        (["plan", "--occupation", "15-9001.10"], ["no occupation `15-9001.10`", "did you mean `15-9001.00`"]),
        (["plan", "--all", "--onet-release", "30.1"], ["no release 30.1 here, but 30.9", "onet import"]),
        (["plan", "--all", "--variants", "9"], ["4 variants", "ask for 1 to 4"]),
        (["plan"], ["--occupation CODE, --sample N, --task-file FILE, or --all"]),
        (["rate", "--seed", "3"], ["--sample N"]),
        (["onet", "show", "Programmers"], ["no occupation `Programmers`", "15-1252.00"]),
        (["onet", "import", "elsewhere"], ["elsewhere: no such file or directory"]),
        (["artefacts", "pull", "smollm"], ["unknown artefact `smollm`", "did you mean"]),
        (["labels", "import", "gpt-are-gpt"], ["no such file", "did you mean `gpts-are-gpts`?"]),
        (["ratings", "import", "absent.csv", "--rater", "x", "--rubric", "coverage"], ["absent.csv: cannot be opened"]),
        (["rubrics", "check", "absent.md"], ["absent.md cannot be read"]),
        (["evaluate"], ["no labels that judge a rater yet", "scorer labels import FILE"]),
        (["aggregate"], ["no ratings yet", "scorer rate"]),
        (["verify"], ["there is no release", "scorer publish"]),
    ],
)
def test_an_unknown_name_gets_the_nearest_known_one(command, words, told):
    """A misspelt or missing thing is named, with what there is or what to do first."""
    if words[0] in {"plan", "rate"} and "--rater" not in words:
        write(command.workspace / "scorer.toml", RATER)
    line = command.fails(*words)
    assert all(part in line for part in told), line


@pytest.mark.parametrize("words", [["plan", "--sample", "0"], ["plan", "--repeats", "0"], ["plan", "--al"]])
def test_wrong_usage_is_status_2(command, words):
    """What the command line itself refuses names the option and ends with 2."""
    said = command(*words)
    assert said.status == 2
    assert words[1] in said.err


def test_asking_for_nothing_in_particular_sends_nothing(command):
    """`scorer rate` without a selection costs money by accident elsewhere; here it is an error, and no run begins."""
    write(command.workspace / "scorer.toml", RATER)
    command.fails("rate")
    assert command.query("SELECT count(*) FROM run_start") == [(0,)]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("id\n10000\n", ["missing column `task_id`", "found `id`"]),
        ("task_id\n10000\n77\n", ["1 task id(s) are not in release 30.9: 77"]),
        ("task_id\n10000,5\n10001\n", ["line 2: 2 field(s) where the header has 1"]),
        ("", ["missing column `task_id`", "found nothing"]),
    ],
)
def test_a_task_file_that_cannot_be_used_whole_is_not_used(command, content, told):
    """A list that is silently shorter would be another selection: each bad row is named."""
    write(command.workspace / "scorer.toml", RATER)
    line = command.fails("plan", "--task-file", write(command.workspace / "tasks.csv", content))
    assert all(part in line for part in told), line


def test_a_release_without_its_ratings_is_not_imported(command, tmp_path):
    """Without Task Ratings there are no weights: the file is named, and the workspace stays as it was."""
    official = write_onet(tmp_path / "db_31_0_text", TASKS)
    (official / "Task Ratings.txt").unlink()
    assert "missing weights: `Task Ratings.txt` is not there" in command.fails("onet", "import", official)
    assert command.query("SELECT name FROM catalogue_release") == [("30.9",)]


def test_a_missing_column_of_a_release_is_named(command, tmp_path):
    """File, column, and what was found instead."""
    official = write_onet(tmp_path / "db_31_0_text", TASKS)
    statements = official / "Task Statements.txt"
    statements.write_text(statements.read_text().replace("Task ID", "TaskID", 1))
    line = command.fails("onet", "import", official)
    assert "Task Statements.txt: missing column `Task ID`; found" in line


@pytest.mark.parametrize("share", [0.2, 0.9])
def test_a_truncated_zip_is_not_a_release(command, tmp_path, share):
    """Half a download is told as such."""
    official, archive = write_onet(tmp_path / "db_31_0_text", TASKS), tmp_path / "db_31_0_text.zip"
    with zipfile.ZipFile(archive, "w") as file:
        for path in official.iterdir():
            file.write(path, path.name)
    whole = archive.read_bytes()
    archive.write_bytes(whole[: int(share * len(whole))])
    assert "get it anew" in command.fails("onet", "import", archive)


def test_bad_rows_of_a_release_are_refused_and_the_others_come_in(command, tmp_path):
    """One broken row does not cost the release, and the exit status tells that something was left out."""
    official = write_onet(tmp_path / "db_31_0_text", TASKS)
    statements = official / "Task Statements.txt"
    statements.write_bytes(statements.read_bytes().replace(b"10003", b"abc", 1))
    said = command("onet", "import", official)
    assert said.status == 1
    assert "143 tasks" in said.out
    assert "Task Statements.txt line 5: Task ID `abc` is not an integer" in said.err


def test_bad_label_rows_are_named_and_the_good_ones_kept(command):
    """Off the scale, unknown, twice, unnamed, undated, too many fields: line and reason each; status 1."""
    rows = ["10000,coverage@1,anna,50,,2026-11-01", "10000,coverage@1,anna,75,,", "77,coverage@1,anna,50,,"]
    rows += ["10001,coverage@1,anna,51,,", "10002,coverage,anna,50,,", "10003,coverage@1,,50,,"]
    rows += ["10004,coverage@1,anna,50,,yesterday", "10005,coverage@1,anna,50,a,b,c", "10006,coverage@1,anna,0,,"]
    said = command("labels", "import", write(command.workspace / "hand.csv", HEADER + "\n".join(rows)))
    assert said.status == 1
    assert "2 labels read, 2 new; 7 rows refused" in said.out
    assert [line.split(":")[0] for line in said.err.splitlines()] == [f"hand.csv line {n}" for n in range(3, 10)]
    assert command.query("SELECT task_id, category FROM label ORDER BY ALL") == [("10000", "50"), ("10006", "0")]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("task,rubric\n1,2\n", ["line 1", "unknown: `task`", "missing: `task_id`"]),
        (HEADER.replace(",", ";"), ["line 1", "by commas"]),
        ("", ["is empty"]),
        (b"\xff\xfe\x00", ["is not UTF-8 text"]),
        (HEADER + '10000,coverage@1,anna,50,"never closed,\n10001,coverage@1,anna,50,,\n', ["line 2", "is a quote"]),
    ],
)
def test_a_label_file_of_another_shape_is_refused_whole(command, content, told):
    """Where the columns are wrong no row can be right."""
    line = command.fails("labels", "import", write(command.workspace / "hand.csv", content))
    assert all(part in line for part in told), line


def test_labels_need_tasks_first(command, tmp_path):
    """In a workspace without a release every row would be refused: one line says what comes first."""
    command.workspace = tmp_path
    line = command.fails("labels", "import", write_labels(tmp_path / "hand.csv", TASKS))
    assert "run `scorer onet import PATH`" in line


def test_bad_imported_ratings_are_named_and_the_good_ones_kept(command):
    """As for labels; an answer that is empty, no number or infinite never becomes one."""
    rows = ["task_id,category,score,rationale", "10000,50,,because", "10000,75,,", "77,50,,", "10001,51,,"]
    rows += ["10002,,30.5,", "10003,,,", "10004,,nan,", "10005,,inf,", "10006,,much,", "10007,cannot_judge,,"]
    rows += ["10008,50,,a,b", "10009", "10010,100.0,,"]
    file = write(command.workspace / "made.csv", "\n".join(rows))
    said = command("ratings", "import", file, "--rater", "other", "--rubric", "coverage")
    assert said.status == 1
    assert "4 ratings read, 4 new; 9 rows refused" in said.out
    assert [int(line.split(":")[0].rsplit(" ", 1)[1]) for line in said.err.splitlines()] == [
        3,
        4,
        5,
        7,
        8,
        9,
        10,
        12,
        13,
    ]
    kept = command.query("SELECT task_id, status, category, score FROM rating ORDER BY ALL")
    assert kept == [
        ("10000", "rated", "50", 50.0),
        ("10002", "rated", None, 30.5),
        ("10007", "cannot_judge", None, None),
        ("10010", "rated", "100", 100.0),
    ]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("made.csv", "task,score\n1,2\n", ["line 1: no column `task_id`", "--task-column"]),
        ("made.csv", "task_id,note\n1,2\n", ["neither a column `category` nor `score`"]),
        ("made.csv", "task_id,score,score\n1,2,3\n", ["column `score` stands twice"]),
        ("made.csv", 'task_id,category,rationale\n10000,50,"open\n10001,50,\n', ["line 2", "is a quote missing?"]),
        ("made.csv", "task_id,category\n10000," + "5" * 200_000, ["line 2", "is not CSV"]),
        ("made.csv", b"task_id,category\n\xff,50\n", ["is not UTF-8 text"]),
        ("made.parquet", "no parquet", ["cannot be read as Parquet"]),
    ],
)
def test_a_ratings_file_of_another_shape_is_refused_whole(command, name, content, told):
    """Wrong columns, an unclosed quote that would swallow rows, bytes that are no text: one line, no rating."""
    file = write(command.workspace / name, content)
    line = command.fails("ratings", "import", file, "--rater", "other", "--rubric", "coverage")
    assert all(part in line for part in told), line
    assert command.query("SELECT count(*) FROM rating") == [(0,)]


@pytest.mark.parametrize("name", ["", "panel", "one", "smollm2-135m-instruct", "An Other", "x\x1b[31m"])
def test_imported_ratings_need_a_name_that_means_nobody_else(command, name):
    """The panel, a configured and an embedded rater keep their names, and a name is one word."""
    write(command.workspace / "scorer.toml", RATER)
    file = write(command.workspace / "made.csv", "task_id,category\n10000,50\n")
    command.fails("ratings", "import", file, "--rater", name, "--rubric", "coverage")
    assert command.query("SELECT count(*) FROM rating") == [(0,)]


def test_ratings_made_elsewhere_cannot_be_asked_for(command):
    """Who asks an imported rater learns that nobody answers under that name here."""
    file = write(command.workspace / "made.csv", "task_id,category\n10000,50\n")
    assert command("ratings", "import", file, "--rater", "other", "--rubric", "coverage").status == 0
    assert "rater `other` cannot be asked: its ratings were made elsewhere" in command.fails(
        "rate", "--all", "--rater", "other"
    )


def test_weights_that_are_not_here_or_damaged_are_asked_for(command, monkeypatch, tmp_path):
    """Before anything is rated: which file, where it should be, and the command that fetches it."""
    monkeypatch.setenv("SCORER_CACHE", str(tmp_path))
    asked = ("rate", "--sample", "1", "--rater", "smollm2-135m-instruct")
    advice = "run `scorer artefacts pull smollm2-135m-instruct`"
    line = command.fails(*asked)
    assert "is absent" in line
    assert advice in line
    (file,) = [one.file for one in registry().values() if one.name == "smollm2-135m-instruct"]
    write(tmp_path / "smollm2-135m-instruct" / file, b"half of it")
    line = command.fails(*asked)
    assert "is damaged" in line
    assert advice in line
