"""Policies: three are shipped, any other is a file, and every fault in one is named."""

from importlib.resources import files

import pytest

from eval import available_policies, load_policy
from scorer.errors import LabelError


@pytest.fixture
def variant(tmp_path):
    """A copy of the default policy with one line replaced."""

    def write(old, new):
        text = (files("eval") / "policies" / "default.toml").read_text("utf-8")
        assert old in text
        path = tmp_path / "own.toml"
        path.write_text(text.replace(old, new), "utf-8")
        return str(path)

    return write


def test_the_shipped_policies_are_those_of_the_method():
    """Floors .10, .25 and .50; only `exploratory` counts labels by models; all else is the same in the three."""
    shipped = {name: load_policy(name) for name in available_policies()}
    assert {name: policy.floor for name, policy in shipped.items()} == {
        "default": 0.25,
        "exploratory": 0.10,
        "strict": 0.50,
    }
    assert [name for name, policy in shipped.items() if policy.count_model_labels] == ["exploratory"]
    same = {"name", "floor", "count_model_labels"}
    assert len({str(policy.model_dump(exclude=same)) for policy in shipped.values()}) == 1
    assert (shipped["default"].min_labels, shipped["default"].min_soc_groups) == (100, 10)
    assert (shipped["default"].max_unusable, shipped["default"].max_bias, shipped["default"].max_group_bias) == (
        0.01,
        0.05,
        0.10,
    )


def test_the_hash_follows_the_thresholds_and_nothing_else(variant):
    """A copy under another name with other comments has the hash of the original; another threshold has another."""
    default = load_policy("default")
    copy = load_policy(variant("# The gate of published scores.", "# Ours."))
    assert (copy.name, copy.policy_hash) == ("own", default.policy_hash)
    assert load_policy(variant("floor = 0.25", "floor = 0.26")).policy_hash != default.policy_hash


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        ("floor = 0.25", "flor = 0.25", "unknown key `flor`; did you mean `floor`"),
        ("floor = 0.25", "", "lacks `floor`"),
        ("floor = 0.25", "floor = 25", "`floor`: .*not 25"),
        ("floor = 0.25", "floor = ", "is not TOML"),
        ("floor = 0.25", "floor = 0.25\nname = 'x'", "unknown key `name`"),
    ],
)
def test_a_fault_in_a_policy_is_named(variant, old, new, part):
    """Unknown, missing, out of range, not TOML: one sentence with the file and the key."""
    with pytest.raises(LabelError, match=part):
        load_policy(variant(old, new))


def test_an_unknown_policy_is_told_the_known_ones():
    """A name that is neither shipped nor a file lists what is shipped."""
    with pytest.raises(LabelError, match="known: default, exploratory, strict"):
        load_policy("lenient")
