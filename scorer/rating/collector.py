"""Python's search for cyclic garbage, as rare as a run needs it: what a run makes is freed without it."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

SELDOM = (20_000, 20, 100)
"""Objects made and kept until the youngest are searched, and how many searches until the older ones are."""


@contextmanager
def collecting_seldom() -> Iterator[None]:
    """For the length of the block: what was there before is not searched, what comes is searched seldom.

    A request makes some hundred objects, nearly all in no cycle; to search them at Python's usual pace is a quarter of
    a rating's processor time. The search is not switched off: exceptions do make cycles.
    """
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
