"""Rubrics: questions as files, asked the same way of every rater, and answers read without guessing.

Reads a rubric file (errors carry file and line), keeps used versions as they were, renders messages, builds the JSON
schema, and turns a reply into an Answer with a Status. Asks nobody anything and stores nothing.
"""

from scorer.rubrics.answers import read_answer
from scorer.rubrics.library import available, load_rubric, parse_rubric, profile_prompt, read_rubric
from scorer.rubrics.lock import check_lock, locked, write_lock
from scorer.rubrics.probes import (
    chosen_probes,
    log_odds,
    open_probes,
    probe_reading,
    probes_digest,
    read_rationale,
    reading_schema,
    render_rationale,
    signed_sum,
)
from scorer.rubrics.profiles import facts_in, read_sentences
from scorer.rubrics.quoting import quoted
from scorer.rubrics.rendering import render, render_frame, render_task, variants
from scorer.rubrics.schema import answer_schema
from scorer.rubrics.token_answers import MASS_FLOOR
from scorer.rubrics.token_check import check_tokens

__all__ = [
    "MASS_FLOOR",
    "answer_schema",
    "available",
    "check_lock",
    "check_tokens",
    "chosen_probes",
    "facts_in",
    "load_rubric",
    "locked",
    "log_odds",
    "open_probes",
    "parse_rubric",
    "probe_reading",
    "probes_digest",
    "profile_prompt",
    "quoted",
    "read_answer",
    "read_rationale",
    "read_rubric",
    "read_sentences",
    "reading_schema",
    "render",
    "render_frame",
    "render_rationale",
    "render_task",
    "signed_sum",
    "variants",
    "write_lock",
]
