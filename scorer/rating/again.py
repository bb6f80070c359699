"""A stored answer read again: under a newer reader of answers the same words may mean something, or something else.

Nothing is sent. Where the meaning is another one, a further Rating is made that names the first; the first is kept.
"""

from scorer.domain.base import sha256_json
from scorer.domain.rating import Answer, Rating
from scorer.providers import stored_reply
from scorer.rating.cells import Series
from scorer.rubrics import read_answer


def read_again(rating: Rating, series: Series) -> Answer | None:
    """What a Rating's answer means today; None where no answer was kept.

    Args:
        rating: of a Cell of the Series.
        series: its rubric, answer mode and schema say how to read.
    """
    reply = stored_reply(rating.raw)
    if reply is None:
        return None
    return read_answer(series.rubric, reply, series.rater.answer, series.answer_schema)


def says_the_same(rating: Rating, answer: Answer) -> bool:
    """Whether a Rating says what an Answer says."""
    return all(getattr(rating, name) == value for name, value in dict(answer).items())


def reread_rating(rating: Rating, answer: Answer) -> Rating:
    """The Rating with another meaning of the same words: it takes the first one's place, and costs nothing more.

    It is as old as the answer, so that a later asking still comes after it.
    """
    said = answer.model_dump(mode="json")
    return rating.model_copy(
        update={
            **dict(answer),
            "rating_id": sha256_json([rating.rating_id, said]),
            "derived_from": rating.rating_id,
            "repairs_rating_id": rating.rating_id,
            "cost_usd": 0.0,
        }
    )
