"""What stands in a block is checked by somebody: run, written to a file, or plainly only shown."""

import pytest
from docs_pages import READERS, RUN, SHOWN, WRITTEN, blocks, followed_by, hand_written

from eval.labels import read_labels
from scorer.rubrics import available


@pytest.mark.parametrize("page", hand_written())
def test_every_block_is_one_that_somebody_checks(page):
    """A block is run, written to a file that it names, or plainly only shown."""
    for block in blocks(page):
        assert block.language in (*RUN, *WRITTEN, *SHOWN), str(block)
        assert (block.language in WRITTEN) == (block.writes is not None), str(block)


@pytest.mark.parametrize("reader", READERS)
def test_every_reader_has_something_to_follow(reader):
    """A page in commands, and a notebook."""
    followed = followed_by(reader)
    assert any(page.endswith(".md") for page in followed)
    assert any(page.endswith(".ipynb") for page in followed)


def test_the_label_files_on_the_pages_are_label_files(tmp_path):
    """A CSV that a page shows as labels is read without a refused row."""
    shown = [
        block for page in hand_written() for block in blocks(page) if block.text.startswith("task_id,rubric,labeller")
    ]
    assert shown
    for number, block in enumerate(shown):
        file = tmp_path / f"{number}.csv"
        file.write_text(block.text)
        assert read_labels(file, "shown", available()).refused == (), str(block)
