"""Reading scorer.toml: what is said when it is wrong."""

import pytest

from scorer.config import read_settings
from scorer.errors import ConfigurationError

RATER = '[raters.r]\nprovider = "openai"\nmodel = "m"\n'


def complaints(text: str) -> list[str]:
    with pytest.raises(ConfigurationError) as wrong:
        read_settings(text)
    return str(wrong.value).split("\n")


def test_a_misspelt_key_is_told_in_one_line_with_the_right_one():
    """File, line, key, table and the nearest known key; the key it stands for is not called missing as well."""
    text = '# mine\n\n[raters.gpt-5-4]\nmodle = "gpt-5.4-2026-03-05"\nprovider = "openai"\n'
    assert complaints(text) == ["scorer.toml line 4: unknown key `modle` in [raters.gpt-5-4]; did you mean `model`?"]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[pannel]", "scorer.toml line 1: unknown key `pannel`; did you mean `panel`?"),
        ("[gate]\nzzz = 1", "scorer.toml line 2: unknown key `zzz` in [gate]; known: policy"),
        (
            RATER + "limits = { rpm = 1, concurency = 2 }",
            "scorer.toml line 4: unknown key `concurency` in [raters.r.limits]; did you mean `concurrency`?",
        ),
        (
            RATER + 'limits.rpm = "many"',
            "scorer.toml line 4: `rpm` in [raters.r.limits] must be a whole number, not a text",
        ),
        (RATER + "limits = 5", "scorer.toml line 4: `limits` in [raters.r] must be a table, not 5"),
        (RATER + "timeout_s = 0", "scorer.toml line 4: `timeout_s` in [raters.r] must be greater than 0, not 0"),
        (RATER + 'answer = "xml"', "scorer.toml line 4: `answer` in [raters.r] must be `json`, `token` or `probes`"),
        (
            "[panel]\nreduce = true",
            "scorer.toml line 2: `reduce` in [panel] must be `mean`, `median`, `mode` or `dawid-skene`",
        ),
        ("[panel]\nraters = [\n1]", "scorer.toml line 2: `raters` in [panel], entry 1 must be a text in quotes, not 1"),
        ('[raters.r]\nmodel = "m"', "scorer.toml line 1: [raters.r] has no `provider`; add it"),
        ("raters = 3", "scorer.toml line 1: `raters` must be a table, not 3"),
        ("[gate]\npolicy = ''", "scorer.toml line 2: `policy` in [gate] must be a text in quotes, not empty"),
        ("[gate]\npolicy =\n", "scorer.toml line 2: not valid TOML: Invalid value"),
        (
            RATER + "params = { since = 2026-01-01 }",
            "scorer.toml line 4: `since` in [raters.r.params] is a date or a time; put it in quotes",
        ),
        (RATER + "params = { t = inf }", "scorer.toml line 4: `t` in [raters.r.params] must be a finite number"),
        (
            RATER + 'base_url = "example.com/v1"',
            "scorer.toml line 4: `base_url` in [raters.r] must be an address that begins with https:// or http://",
        ),
    ],
)
def test_each_mistake_has_its_line(text, complaint):
    """One mistake, one line: file, line, key and what would be right."""
    assert complaints(text) == [complaint]


def test_all_problems_are_told_at_once_in_the_order_of_the_file():
    """Misspelt keys, wrong types and unknown raters do not hide each other."""
    text = RATER + 'modell = "x"\n[panel]\nraters = ["q"]\nreduce = "max"\n[gate]\npolicy = 5\n'
    lines = [int(line.split()[2].rstrip(":")) for line in complaints(text)]
    assert lines == [4, 6, 7, 9]


def test_a_table_that_lacks_several_keys_names_each():
    """Two missing keys are two lines."""
    assert complaints("[raters.r]") == [
        "scorer.toml line 1: [raters.r] has no `model`; add it",
        "scorer.toml line 1: [raters.r] has no `provider`; add it",
    ]


def test_a_dotted_name_without_quotes_is_understood():
    """TOML makes tables of the dots; the error says how the name is written."""
    text = '[raters.gpt-5.4]\nprovider = "openai"\nmodel = "m"\n'
    assert complaints(text) == [
        'scorer.toml line 1: unknown key `4` in [raters.gpt-5]; a name with a dot is quoted: [raters."gpt-5.4"]'
    ]
    assert list(read_settings(text.replace("gpt-5.4", '"gpt-5.4"')).raters) == ["gpt-5.4"]


@pytest.mark.parametrize(
    "line",
    [
        'api_key = "geheim"',
        'api_key_env = "sk-geheim"',
        'model = "sk-geheim"',
        'params = { extra_headers = { Authorization = "geheim" } }',
        'params = { extra_headers = { x-auth = "Bearer geheim" } }',
        'base_url = "https://user:geheim@host.example/v1"',
        'api_key_env = "0123456789abcdef0123456789abcdef"',
    ],
)
def test_a_key_in_the_open_is_refused_and_not_repeated(line):
    """The error sends the user to api_key_env and never shows the value."""
    text = '[raters.r]\nprovider = "openai"\n' + line + ("" if line.startswith("model") else '\nmodel = "m"')
    (complaint,) = complaints(text)
    assert complaint.startswith("scorer.toml line 3: ")
    assert "put the NAME of an environment variable in api_key_env" in complaint
    assert "geheim" not in complaint
    assert "0123456789" not in complaint


@pytest.mark.parametrize("key", ["base_url", "answer", "params.user"])
def test_the_environment_is_read_for_keys_only(key):
    """`${ENV}` anywhere but in a key's name is an error that says so."""
    (complaint,) = complaints(RATER + key + ' = "https://${HOST}/"')
    assert "holds `${...}`, which may stand in api_key_env only" in complaint


def test_a_name_of_a_variable_is_a_name():
    """What cannot be the name of an environment variable is refused."""
    (complaint,) = complaints(RATER + 'api_key_env = "my key"')
    assert "must be the NAME of an environment variable" in complaint


@pytest.mark.parametrize(
    ("name", "why"),
    [("Big", "small letters"), ("panel", "combined raters"), ("smollm2-135m-instruct", "embedded rater")],
)
def test_a_rater_has_a_plain_name_of_its_own(name, why):
    """Capitals, `panel` and the names of embedded raters are refused."""
    (complaint,) = complaints(RATER.replace("raters.r", f"raters.{name}"))
    assert complaint.startswith("scorer.toml line 1: ")
    assert why in complaint


def test_an_embedded_rater_has_no_endpoint():
    """Settings that would be dropped in silence are refused."""
    text = '[raters.e]\nprovider = "embedded"\nmodel = "smollm2-135m-instruct"\nbase_url = "http://127.0.0.1/"\n'
    (complaint,) = complaints(text)
    assert "line 4: `base_url` in [raters.e] means nothing to an embedded rater" in complaint


def test_the_panel_names_raters_that_exist_once_each():
    """An unknown rater comes with the nearest known one, a doubled one is refused, an embedded one is fine."""
    text = RATER.replace("raters.r", "raters.gpt-5-4") + '[panel]\nraters = ["gpt-54", "gpt-5-4", "gpt-5-4"]'
    assert complaints(text) == [
        "scorer.toml line 5: rater `gpt-5-4` stands twice in [panel]",
        "scorer.toml line 5: unknown rater `gpt-54` in [panel]; did you mean `gpt-5-4`?",
    ]
    assert read_settings('[panel]\nraters = ["smollm2-135m-instruct"]').panel.raters == ("smollm2-135m-instruct",)


def test_the_hash_of_weights_is_no_secret():
    """The sha256 of a rater's weights may stand in the file, and only a sha256."""
    text = '[raters.own]\nprovider = "embedded"\nmodel = "https://models.example/own.gguf"\nweights_sha256 = "{}"\n'
    assert read_settings(text.format("0a" * 32)).raters["own"].weights_sha256 == "0a" * 32
    (complaint,) = complaints(text.format("sk-secret"))
    assert complaint.startswith("scorer.toml line 4: `weights_sha256` in [raters.own]")
    assert "sk-secret" not in complaint
