"""A Cell that was rated under another rater's name is not asked again: its Rating is carried over to the new name.

The identity of a Cell is what is asked and of which model, not what the rater is called. Without this, a renamed rater
would have nothing to ask and nothing to show.
"""

from collections.abc import Iterable

from scorer.domain.base import sha256_json
from scorer.domain.rating import Rater, Rating, Status
from scorer.store import Store


def adopt(store: Store, borrowed: Iterable[tuple[Rater, str]]) -> int:
    """Carry ratings over to the raters that ask the same Cells under another name.

    Args:
        store: where the ratings are.
        borrowed: rater and Cell hash, of Cells that were asked under another name; those without answer are left out.

    Returns:
        How many ratings were carried over. Each names the one that it comes from, and cost nothing.
    """
    wanted = list(borrowed)
    sources = {rating.cell_hash: rating for rating in store.ratings.load({cell_hash for _, cell_hash in wanted})}
    answered = {cell_hash for cell_hash, rating in sources.items() if rating.status is not Status.FAILED}
    found = [(rater, sources[cell_hash]) for rater, cell_hash in wanted if cell_hash in answered]
    store.raters.add({rater.name: rater for rater, _ in found}.values())
    return store.ratings.add(_carried_over(source, rater.name) for rater, source in found)


def _carried_over(rating: Rating, rater: str) -> Rating:
    return rating.model_copy(
        update={
            "rating_id": sha256_json([rating.rating_id, rater]),
            "rater": rater,
            "derived_from": rating.rating_id,
            "cost_usd": 0.0,
        }
    )
