"""Registries of evidence: the shipped one holds, and a user's own is read entry by entry."""

import pytest

from scorer.errors import CatalogueError
from scorer.grounding import read_registry, shipped_registry

GOOD = """id = "a"
kind = "tool"
name = "ABot"
publisher = "A"
address = "https://a.example/"
date = "2025-01"
says = "It is."
"""


def test_the_shipped_registry_is_whole():
    """Every entry reads, has an address and a date, and says what it touches or is a report."""
    shipped = shipped_registry()
    assert shipped.refused == ()
    assert [
        one.entry_id for one in shipped.entries if one.kind == "tool" and not (one.activities or one.technologies)
    ] == []


def test_a_bad_entry_never_loses_a_good_one(tmp_path):
    """Each fault is told with its place; the good entry counts; CSV reads like TOML."""
    path = tmp_path / "ours.toml"
    bad = GOOD.replace('"a"', '"b"').replace("https", "javascript")
    odd = GOOD.replace('"a"', '"c"') + "colour = 'red'\n"
    path.write_text("".join(f"[[entry]]\n{one}\n" for one in (GOOD, bad, odd, GOOD)), encoding="utf-8")
    read = read_registry(path)
    assert [one.entry_id for one in read.entries] == ["a"]
    assert [line.partition(":")[0] for line in read.refused] == ["entry 2", "entry 3", "entry 4"]
    assert "`address`" in read.refused[0]
    assert "unknown key `colour`" in read.refused[1]
    table = tmp_path / "ours.csv"
    table.write_text(
        "id,kind,name,publisher,address,date,technologies,says\n"
        'a,tool,ABot,A,https://a.example/,2025-01,GitHub; Slack,"It is\u202e."\n',
        encoding="utf-8",
    )
    (one,) = read_registry(table).entries
    assert (one.technologies, one.says) == (("GitHub", "Slack"), "It is .")


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("x.toml", "", "has no entry"),
        ("x.toml", "a,b\n", "is not TOML"),
        ("x.toml", "entry = 3", "[[entry]] tables"),
        ("x.csv", "id,colour\na,red\n", "unknown column `colour`"),
        ("shipped.toml", f"[[entry]]\n{GOOD}", "cannot be called `shipped`"),
    ],
)
def test_a_file_that_is_no_registry_is_refused_in_one_line(tmp_path, name, text, why):
    """Empty, of another shape, with a strange column, or in the name of the project's own."""
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(CatalogueError) as refused:
        read_registry(tmp_path / name)
    assert why in str(refused.value)
    assert "\n" not in str(refused.value)
