from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from scorer.domain.uncertainty import Specification
from scorer.errors import ConfigurationError
from scorer.workflows.publication.multiverse_figure import draw_multiverse, figure_place


def universe(weights, changed, *, is_main=False, raters="panel"):
    return Specification(
        rubric="coverage@1",
        is_main=is_main,
        weights=weights,
        raters=raters,
        reduce="mean",
        second_level=None,
        threshold=50.0,
        n_occupations=20,
        mean=40.0,
        share_high=0.2,
        band_changed=changed,
        decile_changed=changed,
        rank_correlation=0.9,
    )


def test_the_figure_is_an_svg_that_names_every_option(tmp_path):
    """One line an option of each choice, a description for those who cannot see it, hostile names escaped."""
    rows = [universe("core2", 0.0, is_main=True), universe("equal", 0.3), universe("time", 0.5, raters="<b>&")]
    drawn = draw_multiverse(rows, figure_place(tmp_path / "deep" / "m.svg")).read_text()
    root = ET.fromstring(drawn)  # noqa: S314 - we drew it
    texts = {text for node in root.iter() for text in [node.text] if text}
    assert {"equal", "time", "mean", "panel", "<b>&"} <= texts
    assert "core2" not in texts
    assert "by choice" in root.attrib["aria-label"]


def test_nothing_to_draw_is_said(tmp_path):
    """Without a universe beside the main one there is no figure, and no file."""
    with pytest.raises(ConfigurationError, match="no multiverse to draw"):
        draw_multiverse([universe("core2", 0.0, is_main=True)], tmp_path / "m.svg")
    assert list(tmp_path.iterdir()) == []


def test_another_kind_of_file_is_refused():
    """The figure is SVG: a name that says something else is a mistake."""
    with pytest.raises(ConfigurationError, match=r"end in \.svg"):
        figure_place(Path("m.png"))
