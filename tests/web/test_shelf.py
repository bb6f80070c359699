"""The release behind the pages: shared by threads, replaced under them."""

from concurrent.futures import ThreadPoolExecutor

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
