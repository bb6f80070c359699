"""The pages of whoever labels and audits, followed from top to bottom."""

import pytest
from docs_pages import followed_by
from docs_runs import follow

PAGES = followed_by("reviewer")


@pytest.mark.timeout(900)
@pytest.mark.parametrize(("page", "workspace"), [(page, page) for page in PAGES], indirect=["workspace"], ids=PAGES)
def test_the_blocks_of_a_page_run(page, workspace, addresses):
    """From top to bottom each block ends as the page says, and each query finds something."""
    follow(page, workspace, addresses)
