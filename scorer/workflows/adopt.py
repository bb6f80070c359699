"""A Cell that was rated under another rater's name is not asked again: its Rating is carried over to the new name.

The identity of a Cell is what is asked and of which model, not what the rater is called. Without this, a renamed rater
would have nothing to ask and nothing to show.
"""

from collections.abc import Iterable

from scorer.domain.base import sha256_json
from scorer.domain.rating import Cell, Rater, Rating, Status
from scorer.store import Store


def adopt(store: Store, raters: Iterable[Rater], asked: Iterable[Cell]) -> int:
    """Carry ratings over to the raters that ask the same Cells under another name.

    Args:
        store: where the ratings are.
        raters: whose names are asked for.
        asked: every Cell of the selection.

    Returns:
        How many ratings were carried over. Each names the one that it comes from, and cost nothing.
    """
    known = store.ratings.known()
    answered = {cell_hash for cell_hash, status in known.items() if status is not Status.FAILED}
    by_name = {rater.name: rater for rater in raters}
    own = {name: store.ratings.known(name).keys() for name in by_name}
    wanted = [cell for cell in asked if cell.cell_hash in answered and cell.cell_hash not in own[cell.rater]]
    if not wanted:
        return 0
    store.raters.add(by_name[name] for name in sorted({cell.rater for cell in wanted}))
    sources = {rating.cell_hash: rating for rating in store.ratings.load(cell.cell_hash for cell in wanted)}
    return store.ratings.add(_carried_over(sources[cell.cell_hash], cell.rater) for cell in wanted)


def _carried_over(rating: Rating, rater: str) -> Rating:
    return rating.model_copy(
        update={
            "rating_id": sha256_json([rating.rating_id, rater]),
            "rater": rater,
            "derived_from": rating.rating_id,
            "cost_usd": 0.0,
        }
    )
