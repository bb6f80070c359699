"""The worklist: new Cells and those asked again stand in one list, and nobody waits who could work."""

import asyncio

from engine_room import asked

from scorer.rating.worklist import Worklist


def drawn(work, n):
    async def run():
        return [await asyncio.wait_for(work.draw(), 5) for _ in range(n)]

    return asyncio.run(run())


def test_what_is_due_again_comes_before_what_is_new():
    """A Cell put back without a wait is the next one drawn."""
    work = Worklist(asked(3), most_waiting=10)
    (first,) = drawn(work, 1)
    work.put_back(first, 0.0)
    assert [trial.cell.task_id for trial in drawn(work, 3)] == ["0", "1", "2"]


def test_a_cell_that_waits_keeps_no_other():
    """While the first waits a minute for its next attempt, the others are drawn."""
    work = Worklist(asked(3), most_waiting=10)
    (first,) = drawn(work, 1)
    work.put_back(first, 60.0)
    assert [trial.cell.task_id for trial in drawn(work, 2)] == ["1", "2"]


def test_only_so_many_wait_at_once():
    """An endpoint that fails at everything does not draw the whole plan: after two put back no new one is drawn."""
    cells = iter(asked(50))
    work = Worklist(cells, most_waiting=2)
    for trial in drawn(work, 2):
        work.put_back(trial, 0.05)
    assert [trial.cell.task_id for trial in drawn(work, 1)] in (["0"], ["1"])
    assert len(list(cells)) == 48


def test_the_list_ends_when_every_cell_has_its_rating():
    """Who draws at the end waits for what is still open, and is told when it is closed."""

    async def run():
        work = Worklist(asked(1), most_waiting=2)
        trial = await work.draw()
        late = asyncio.create_task(work.draw())
        await asyncio.sleep(0.01)
        assert not late.done()
        work.close(trial)
        return await asyncio.wait_for(late, 5)

    assert asyncio.run(run()) is None


def test_a_stopped_list_gives_nothing():
    """Who waits is told at once; nothing new is drawn."""

    async def run():
        work = Worklist(asked(9), most_waiting=1)
        work.put_back(await work.draw(), 60.0)
        waiting = asyncio.create_task(work.draw())
        await asyncio.sleep(0.01)
        work.stop()
        return await asyncio.wait_for(waiting, 5), await work.draw()

    assert asyncio.run(run()) == (None, None)
