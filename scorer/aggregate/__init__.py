"""From ratings to occupations: repeats to task scores, raters to a panel, tasks to an occupation's number.

Reads ratings, tasks, Verdicts; knows neither the store nor the evaluation harness. Refuses to fill in what is missing:
no rating is no number, no survey rating is no weight, no Verdict is HOLD, no spread is no interval; each with a reason.
"""

from scorer.aggregate.aggregation import Aggregation, aggregate
from scorer.aggregate.blockers import blocker_shares
from scorer.aggregate.combination import REDUCTIONS
from scorer.aggregate.consensus import disagreements, task_consensus
from scorer.aggregate.groups import group_scores
from scorer.aggregate.method import Method
from scorer.aggregate.occupations import occupation_scores
from scorer.aggregate.panel import Standing, seats
from scorer.aggregate.reduction import RatingRow, rationales, task_scores, variant_scores
from scorer.aggregate.variance import variance_split
from scorer.aggregate.weights import SCHEMES, TaskWeights, counted_tasks, task_weights

__all__ = [
    "REDUCTIONS",
    "SCHEMES",
    "Aggregation",
    "Method",
    "RatingRow",
    "Standing",
    "TaskWeights",
    "aggregate",
    "blocker_shares",
    "counted_tasks",
    "disagreements",
    "group_scores",
    "occupation_scores",
    "rationales",
    "seats",
    "task_consensus",
    "task_scores",
    "task_weights",
    "variance_split",
    "variant_scores",
]
