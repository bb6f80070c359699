"""Reading scorer.toml: what it means when it is right."""

from pathlib import Path

import pytest

from scorer.config import (
    COMMENTED_TEMPLATE,
    PanelSettings,
    Settings,
    builtin_raters,
    load_settings,
    read_settings,
)
from scorer.domain.rating import AnswerMode, Limits, Price, Rater
from scorer.errors import ConfigurationError

CONTRACT = """
[raters.gpt-5-4]
provider = "openai"
model = "gpt-5.4-2026-03-05"
base_url = "https://gateway.example/v1"
api_key_env = "OPENAI_API_KEY"
params = { reasoning_effort = "low" }
limits = { rpm = 5000, tpm = 2_000_000, concurrency = 200 }
price = { input = 2.50, output = 15.00 }

[panel]
raters = ["gpt-5-4", "smollm2-135m-instruct"]
reduce = "median"

[aggregate]
weights = "relevance-importance"

[gate]
policy = "exploratory"
"""


def without_comments(template: str) -> str:
    """The template with every setting switched on: a `#` right before a setting is taken away."""
    lines = template.splitlines()
    return "\n".join(line[1:] if line[:1] == "#" and line[1:2] not in {"", " "} else line for line in lines)


def test_a_workspace_without_a_file_has_the_defaults(tmp_path):
    """No scorer.toml means: mean, core2, default policy, no configured rater."""
    settings = load_settings(tmp_path)
    assert settings == Settings()
    assert (settings.panel.reduce, settings.aggregate.weights, settings.gate.policy) == ("mean", "core2", "default")


def test_the_example_of_the_contract_is_read_as_written(tmp_path):
    """Every key of the documented example reaches the Rater and the settings."""
    (tmp_path / "scorer.toml").write_text(CONTRACT)
    settings = load_settings(tmp_path)
    assert settings.raters["gpt-5-4"] == Rater(
        name="gpt-5-4",
        provider="openai",
        model="gpt-5.4-2026-03-05",
        base_url="https://gateway.example/v1",
        api_key_env="OPENAI_API_KEY",
        params={"reasoning_effort": "low"},
        limits=Limits(rpm=5000, tpm=2_000_000, concurrency=200),
        price=Price(input=2.5, output=15),
    )
    assert settings.panel == PanelSettings(raters=("gpt-5-4", "smollm2-135m-instruct"), reduce="median")
    assert (settings.aggregate.weights, settings.gate.policy) == ("relevance-importance", "exploratory")


def test_an_environment_variable_may_be_written_either_way():
    """`NAME` and `${NAME}` in api_key_env mean the same variable."""
    bare = read_settings(CONTRACT)
    braced = read_settings(CONTRACT.replace('"OPENAI_API_KEY"', '"${OPENAI_API_KEY}"'))
    assert bare == braced


def test_a_file_with_a_byte_order_mark_and_windows_lines_is_read(tmp_path):
    """What some editors do to a text file does not matter."""
    (tmp_path / "scorer.toml").write_bytes(b"\xef\xbb\xbf" + CONTRACT.replace("\n", "\r\n").encode())
    assert load_settings(tmp_path) == read_settings(CONTRACT)


def test_the_template_changes_nothing_until_it_is_edited():
    """As written by `scorer init`, every line is a comment and the defaults hold."""
    assert read_settings(COMMENTED_TEMPLATE) == Settings()


def test_the_template_is_right_when_every_setting_is_switched_on():
    """Uncommented as it says, the template loads, and its panel names its raters."""
    settings = read_settings(without_comments(COMMENTED_TEMPLATE))
    assert list(settings.raters) == ["gpt-5-4", "local-qwen"]
    assert settings.panel.raters == ("gpt-5-4", "local-qwen", "smollm2-135m-instruct")
    assert settings.raters["gpt-5-4"].limits.concurrency == 200


def test_the_template_shows_the_defaults():
    """What the template offers for panel, weights and gate is what holds without it."""
    settings = read_settings(without_comments(COMMENTED_TEMPLATE))
    assert settings.panel.reduce == Settings().panel.reduce
    assert (settings.aggregate, settings.gate) == (Settings().aggregate, Settings().gate)


def test_the_embedded_raters_are_there_without_an_entry():
    """Qwen and SmolLM2 ship as raters that are asked probes, with cuts for each rubric that has probes."""
    ships = builtin_raters()
    assert list(ships) == ["qwen2.5-coder-1.5b-instruct", "smollm2-135m-instruct"]
    for name, rater in ships.items():
        assert (rater.is_embedded, rater.model, rater.answer) == (True, name, AnswerMode.PROBES)
        assert set(rater.cuts) == {"coverage@1", "exposure@1"}
        assert rater.weights_sha256 is None
    assert Settings().all_raters == ships


def test_a_file_that_is_no_text_is_one_clear_error(tmp_path):
    """Bytes that are not UTF-8, and a directory in the file's place, are configuration errors."""
    (tmp_path / "scorer.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigurationError, match="UTF-8"):
        load_settings(tmp_path)
    (tmp_path / "there" / "scorer.toml").mkdir(parents=True)
    with pytest.raises(ConfigurationError, match="cannot be read"):
        load_settings(tmp_path / "there")


def test_errors_name_the_file_as_seen_from_here(tmp_path, monkeypatch):
    """In its own directory the file is `scorer.toml`; from elsewhere the path is given."""
    (tmp_path / "scorer.toml").write_text("x = 1")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigurationError, match=r"^scorer\.toml line 1:"):
        load_settings(Path.cwd())
    monkeypatch.chdir("/")
    with pytest.raises(ConfigurationError, match=tmp_path.name):
        load_settings(tmp_path)
