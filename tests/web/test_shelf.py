"""The release behind the pages: shared by threads, replaced under them."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

from scorer.publish import PublishOptions, publish
from scorer.web.shelf import Shelf


def test_many_threads_read_one_release_while_it_is_replaced(store, release):
    """Every reader sees a whole release, old or new, however they and the publication meet."""
    shelf = Shelf(release)

    def count(_):
        with shelf.taken() as opened:
            (row,) = opened.reader().rows("SELECT count(*) AS n, count(statement) AS texts FROM task")
            return row["n"], row["texts"]

    with ThreadPoolExecutor(8) as pool:
        before = [pool.submit(count, turn) for turn in range(40)]
        publish(store, release, PublishOptions(with_statements=False))
        after = [pool.submit(count, turn) for turn in range(40)]
        assert {one.result() for one in before} <= {(3, 3), (3, 0)}
        assert {one.result() for one in after} == {(3, 0)}
    shelf.close()


def test_what_takes_long_to_make_keeps_only_those_waiting_who_want_it(release):
    """While one thing is made of a release, others are made and given; it itself is made once for all who wait."""
    begun, go_on, made = Event(), Event(), []

    def slowly(_):
        begun.set()
        made.append(go_on.wait(20))
        return "slow"

    shelf = Shelf(release)
    with shelf.taken() as opened, ThreadPoolExecutor(2) as pool:
        waiting = [pool.submit(opened.once, "slow", slowly) for _ in range(2)]
        assert begun.wait(20)
        assert opened.once("quick", lambda _: "quick") == "quick"
        go_on.set()
        assert [one.result() for one in waiting] == ["slow", "slow"]
    assert made == [True]
    shelf.close()
