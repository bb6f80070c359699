"""The credit line of the O*NET licence."""

from scorer.catalogue import attribution

VERBATIM = (
    "This page includes information from the O*NET 30.1 Database by the U.S. Department of Labor, Employment and "
    "Training Administration (USDOL/ETA). Used under the CC BY 4.0 license. O*NET® is a trademark of USDOL/ETA."
)


def test_the_credit_line_holds_the_prescribed_sentences():
    """Release number, owner, licence, trademark, and where to find licence and database."""
    line = attribution("30.1", modified=False)
    assert line.startswith(VERBATIM)
    assert "https://creativecommons.org/licenses/by/4.0/" in line
    assert "modified" not in line


def test_modified_content_says_so_and_that_nobody_approved():
    """With changes, the line names who made them and that USDOL/ETA has not approved them."""
    line = attribution("30.1", modified=True, subject="file", publisher="The Tide Institute")
    assert line.startswith(VERBATIM.replace("This page", "This file"))
    assert "The Tide Institute has modified all or some of this information." in line
    assert "USDOL/ETA has not approved, endorsed, or tested these modifications." in line
