"""Policies: the thresholds of the gate, one TOML file each, named and hashed so that a Verdict says what judged it.

Shipped: `default`, `exploratory`, `strict`; any other is a path. Refuses unknown, missing and out-of-range keys.
"""

import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError, field_validator

from scorer.domain.base import Frozen, sha256_json
from scorer.domain.names import hint
from scorer.domain.rationale import RationaleFlag
from scorer.errors import LabelError


class RationaleRule(Frozen):
    """How many rationales may bear a flag, of a rater that gives any.

    Attributes:
        max_flagged: share of the rationales, 0 to 1.
        min_rationales: so many must have been looked at; a rater with fewer, but some, is held.
        flags: which flags count.
    """

    max_flagged: float = Field(ge=0, le=1)
    min_rationales: int = Field(ge=1)
    flags: tuple[RationaleFlag, ...] = Field(default=tuple(RationaleFlag), min_length=1)


class Policy(Frozen):
    """Thresholds of the gate; the files in eval/policies say what each key means.

    Attributes:
        name: the shipped policy, or the stem of the file.
        rationales: no rule about rationales where None; may be left out.
        bands: rubric -> band -> the score of an occupation from which on it is called so; may be left out.
    """

    name: str
    max_unusable: float = Field(ge=0, le=1)
    min_labels: int = Field(ge=2)
    min_soc_groups: int = Field(ge=1)
    count_model_labels: bool
    floor: float = Field(ge=-1, le=1)
    ceiling_margin: float = Field(ge=0, le=2)
    ceiling_min_tasks: int = Field(ge=2)
    max_bias: float = Field(ge=0, le=1)
    max_group_bias: float = Field(ge=0, le=1)
    group_min_labels: int = Field(ge=2)
    group_fdr: float = Field(gt=0, lt=1)
    annotator_epsilon: float = Field(ge=0, lt=1)
    annotator_min_tasks: int = Field(ge=2)
    annotator_win_rate: float = Field(ge=0, le=1)
    must_beat_classifier: bool
    rationales: RationaleRule | None = None
    bands: dict[str, dict[str, float]] = Field(default_factory=dict)

    @field_validator("bands")
    @classmethod
    def _at_different_scores(cls, bands: dict[str, dict[str, float]]) -> dict[str, dict[str, float]]:
        for rubric, cut_offs in bands.items():
            if len(set(cut_offs.values())) < len(cut_offs):
                raise ValueError(f"two bands of {rubric} begin at the same score")
        return bands

    @property
    def policy_hash(self) -> str:
        """Sha256 of the thresholds in canonical JSON: comments, the name and rules not set do not change it."""
        return sha256_json(self.model_dump(mode="json", exclude={"name"}, exclude_none=True))


def available_policies() -> tuple[str, ...]:
    """Names of the shipped policies."""
    shipped = (entry.name for entry in (files("eval") / "policies").iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in shipped if name.endswith(".toml")))


def load_policy(reference: str = "default") -> Policy:
    """A shipped policy by name, or any policy by the path of its file.

    Raises:
        LabelError: there is no such policy, or its file is not TOML, or a key is unknown, missing or out of range.
    """
    if reference in available_policies():
        return _read((files("eval") / "policies" / f"{reference}.toml").read_text("utf-8"), reference, reference)
    path = Path(reference)
    if not path.is_file():
        shipped = hint(reference, available_policies())
        raise LabelError(f"no policy `{reference}`: neither a shipped one nor a file{shipped}")
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise LabelError(f"{path}: cannot be read as UTF-8 text ({error})") from error
    return _read(text, path.stem, str(path))


def _read(text: str, name: str, where: str) -> Policy:
    try:
        keys: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise LabelError(f"policy {where} is not TOML: {error}") from error
    legal = [key for key in Policy.model_fields if key != "name"]
    for key in keys:
        if key not in legal:
            raise LabelError(f"policy {where}: unknown key `{key}`{hint(key, legal)}")
    missing = [key for key, field in Policy.model_fields.items() if field.is_required() and key not in (*keys, "name")]
    if missing:
        raise LabelError(
            f"policy {where}: lacks {', '.join(f'`{key}`' for key in missing)}; see eval/policies/default.toml"
        )
    try:
        return Policy.model_validate({**keys, "name": name}, strict=False)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise LabelError(f"policy {where}: `{place}`: {first['msg']}, not {first['input']!r}") from error
