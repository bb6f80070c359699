"""The JSON schema of an answer, in the form that strict structured output takes.

Flat; every key required; no others; no defaults; no bounds or lengths, which strict mode does not take everywhere and
which `read_answer` checks anyway. The order of the keys is the order of asking: evidence, rationale, blockers,
category, confidence.
"""

from functools import lru_cache

from scorer.domain.rating import Json
from scorer.domain.rubric import CANNOT_JUDGE, Rubric
from scorer.rubrics.profiles import profile_schema

EVIDENCE = ("none", "plausible", "named_product", "measured")
CATEGORY = "category"
CONFIDENCE = "confidence"
BLOCKER = "blocker_"


@lru_cache(maxsize=64)
def answer_schema(rubric: Rubric) -> Json:
    """The schema of a rubric's JSON answer; built once and shared, so not to be changed."""
    if rubric.is_profile:
        return profile_schema()
    properties: Json = {}
    for field in rubric.fields:
        if field == CONFIDENCE:
            continue
        if field == "blockers":
            properties |= {BLOCKER + name: {"type": "boolean"} for name in rubric.blockers}
        elif field == "evidence":
            properties[field] = {"type": "string", "enum": list(EVIDENCE)}
        else:
            properties[field] = {"type": "string"}
    legal = [*rubric.values, *([CANNOT_JUDGE] if rubric.cannot_judge else [])]
    properties[CATEGORY] = {"type": "string", "enum": legal}
    if CONFIDENCE in rubric.fields:
        properties[CONFIDENCE] = {"type": "integer"}
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}
