"""The search for cyclic garbage is rare while a run works, and as it was afterwards."""

import gc

import pytest

from scorer.rating.collector import SELDOM, collecting_seldom


def test_the_pace_of_the_search_is_given_back_even_after_an_error():
    """Inside the block the search is rare but on; an error inside leaves the settings as they were."""
    before = gc.get_threshold()

    def fail():
        with collecting_seldom():
            assert gc.get_threshold()[0] == SELDOM[0]
            assert gc.isenabled()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert gc.get_threshold() == before
