"""The rating room: what is asked (cells, plan), how it is asked (engine, retry), and that no answer is lost (journal).

It knows neither where tasks come from nor what the ratings are worth. Callers hand it tasks, providers and a function
that stores Ratings.
"""

from scorer.rating.again import read_again, reread_rating, says_the_same
from scorer.rating.budget import Budget, PaidProvider
from scorer.rating.cells import Asking, Series, asking
from scorer.rating.cluster import Cluster, ClusterEngine
from scorer.rating.engine import Desk, LocalEngine
from scorer.rating.estimate import Estimate, estimates
from scorer.rating.journal import Journal, replay
from scorer.rating.lock import run_lock
from scorer.rating.pacer import Pacer
from scorer.rating.plan import Plan, PlanLine, Queue, make_plan
from scorer.rating.progress import Flight, Progress
from scorer.rating.retry import Patience
from scorer.rating.seam import Engine, EngineName, Job
from scorer.rating.sink import Sink
from scorer.rating.state import IN_BATCHES, RaterPace, RunState, StateFile, read_state, state_of, states

__all__ = [
    "IN_BATCHES",
    "Asking",
    "Budget",
    "Cluster",
    "ClusterEngine",
    "Desk",
    "Engine",
    "EngineName",
    "Estimate",
    "Flight",
    "Job",
    "Journal",
    "LocalEngine",
    "Pacer",
    "PaidProvider",
    "Patience",
    "Plan",
    "PlanLine",
    "Progress",
    "Queue",
    "RaterPace",
    "RunState",
    "Series",
    "Sink",
    "StateFile",
    "asking",
    "estimates",
    "make_plan",
    "read_again",
    "read_state",
    "replay",
    "reread_rating",
    "run_lock",
    "says_the_same",
    "state_of",
    "states",
]
