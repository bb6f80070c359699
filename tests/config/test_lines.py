"""Finding the line of a key, in all the ways that TOML lets one write it."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorer.config.lines import lines_of

TEXT = '''\
# a comment with model = "x"
top = """
[gate]
policy = 'not a key'
"""

[raters."gpt-5.4"]   # quoted
provider = "openai"
limits = { rpm = 1, tpm = 2 }
price.input = 1.0
"price".output = 2

[raters.b.params]
list = [
  "model = 1",
  { deep = 1 },
]
after = 1
[panel]
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("top",), 2),
        (("raters", "gpt-5.4"), 7),
        (("raters", "gpt-5.4", "provider"), 8),
        (("raters", "gpt-5.4", "limits", "tpm"), 9),
        (("raters", "gpt-5.4", "price"), 10),
        (("raters", "gpt-5.4", "price", "output"), 11),
        (("raters", "b"), 13),
        (("raters", "b", "params", "list", 1, "deep"), 14),
        (("raters", "b", "params", "after"), 18),
        (("panel",), 19),
    ],
)
def test_a_key_is_found_where_a_person_would_point(path, line):
    """Headers, dotted, quoted and inline keys; texts and comments that look like keys are none."""
    assert lines_of(TEXT, [path]) == {path: line}


def test_a_key_that_is_not_there_has_no_line():
    """Keys in comments and texts are not there."""
    assert lines_of(TEXT, [("gate",), ("model",), ("raters", "b", "model")]) == {}


@given(st.dictionaries(st.text("abcxyz", min_size=1), st.integers(0, 4), max_size=8), st.sampled_from(["\n", "\r\n"]))
def test_every_key_of_a_flat_file_is_on_its_own_line(gaps, newline):
    """However many comments stand between, each key is found on the line it was written on."""
    lines, expected = [], {}
    for key, gap in gaps.items():
        lines += ["# " + key] * gap
        lines.append(f"{key} = {gap}")
        expected[(key,)] = len(lines)
    text = newline.join(lines)
    assert lines_of(text, [(key,) for key in tomllib.loads(text)]) == expected
