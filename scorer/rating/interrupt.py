"""Ctrl-C: once drains and stops cleanly, twice aborts; both leave the run resumable."""

import asyncio
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def interruptible(stop: Callable[[], None]) -> Iterator[None]:
    """While the block runs, the first SIGINT or SIGTERM calls `stop`, the second cancels the current task.

    Only the main thread gets signals; elsewhere this does nothing.
    """
    task = asyncio.current_task()
    if task is None or threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()
    calls = iter((stop, task.cancel))

    def handle(_number: int, _frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(next(calls, task.cancel))

    before = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
