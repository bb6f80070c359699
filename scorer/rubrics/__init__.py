"""Rubrics: questions as files, asked the same way of every rater, and answers read without guessing.

Reads a rubric file (errors carry file and line), keeps used versions as they were, renders messages, builds the JSON
schema, and turns a reply into an Answer with a Status. Asks nobody anything and stores nothing.
"""

from scorer.rubrics.answers import read_answer
from scorer.rubrics.library import available, load_rubric, parse_rubric, read_rubric
from scorer.rubrics.lock import check_lock, locked, write_lock
from scorer.rubrics.rendering import render, render_frame, render_task, variants
from scorer.rubrics.schema import answer_schema
from scorer.rubrics.token_answers import MASS_FLOOR

__all__ = [
    "MASS_FLOOR",
    "answer_schema",
    "available",
    "check_lock",
    "load_rubric",
    "locked",
    "parse_rubric",
    "read_answer",
    "read_rubric",
    "render",
    "render_frame",
    "render_task",
    "variants",
    "write_lock",
]
