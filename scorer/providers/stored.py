"""Exchanges that were kept (`rating.raw`) as Replies again: what came back once can be read as often as wanted."""

from collections.abc import Sequence

from scorer.domain.rating import Json, Reply
from scorer.providers.reply import NoCompletionError, read_reply

PROBE, PURPOSE = "probe", "purpose"


def stored_reply(raw: Sequence[Json]) -> Reply | None:
    """The Reply that the exchanges of a rating hold; None where they hold no completion (a refused request, nothing).

    An exchange with a purpose of its own (a reason asked for afterwards) is no answer and left out.
    Time, request id and headers are not in them; the rating keeps those.
    """
    try:
        replies = {
            str(one.get(PROBE, "")): read_reply(one["response"], one["request"]) for one in raw if PURPOSE not in one
        }
    except (NoCompletionError, KeyError, TypeError):
        return None
    if not replies:
        return None
    return replies[""] if "" in replies else Reply.of_probes(replies)
