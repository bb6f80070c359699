"""The evaluation harness: hand labels, agreement of raters with them and with each other, and the gate.

Write `from eval import evaluate`, never `import eval`: that would hide the builtin. Its gold sets and policies are
files beside this one. It reads no store and asks no model: labels and columns of answers come in, rows for the tables
`agreement` and `verdict` go out.
"""

from eval.agreement import metrics_of
from eval.answers import RaterColumn, rater_column
from eval.columns import TaskFacts
from eval.evaluation import Evaluation, evaluate
from eval.labels import LabelReading, RefusedRow, read_labels
from eval.panel import PanelRequest
from eval.policy import Policy, available_policies, load_policy
from eval.published import GPT4_COLUMNS, LABEL_SET, PUBLISHED, read_gpt4_answers, read_published

__all__ = [
    "GPT4_COLUMNS",
    "LABEL_SET",
    "PUBLISHED",
    "Evaluation",
    "LabelReading",
    "PanelRequest",
    "Policy",
    "RaterColumn",
    "RefusedRow",
    "TaskFacts",
    "available_policies",
    "evaluate",
    "load_policy",
    "metrics_of",
    "rater_column",
    "read_gpt4_answers",
    "read_labels",
    "read_published",
]
