"""Settings as objects: what scorer.toml may hold, and what holds where it is silent."""

import tomllib
from functools import cache
from importlib import resources
from typing import Literal, Self

from pydantic import Field, field_validator

from scorer.domain.base import Frozen
from scorer.domain.rating import AnswerMode, Json, Limits, Price, Rater


class RaterSettings(Frozen):
    """A table `[raters.NAME]`: a Rater without its name. See `Rater` for the meaning of each key."""

    provider: Literal["openai", "embedded"]
    model: str = Field(min_length=1)
    base_url: str | None = None
    api_key_env: str | None = None
    params: Json = Field(default_factory=dict)
    answer: AnswerMode = AnswerMode.JSON
    limits: Limits = Limits()
    price: Price | None = None
    timeout_s: float = Field(default=120.0, gt=0)
    weights_sha256: str | None = Field(default=None, pattern=r"^[0-9a-f]{64}$")
    probes: tuple[str, ...] = ()
    examples: bool = False
    cuts: dict[str, tuple[float, ...]] = Field(default_factory=dict)

    @field_validator("api_key_env")
    @classmethod
    def _bare_name(cls, name: str | None) -> str | None:
        """`${NAME}` means NAME."""
        return name and name.removeprefix("${").removesuffix("}")

    def named(self, name: str) -> Rater:
        """The Rater of this table."""
        return Rater(name=name, **{key: getattr(self, key) for key in type(self).model_fields})


class PanelSettings(Frozen):
    """The raters that are combined, and how. `raters` empty: those that the workflow asks."""

    raters: tuple[str, ...] = ()
    reduce: Literal["mean", "median", "mode", "dawid-skene"] = "mean"


class AggregateSettings(Frozen):
    """How tasks weigh in the score of their occupation."""

    weights: Literal["core2", "relevance-importance", "time", "equal"] = "core2"


class GateSettings(Frozen):
    """The policy: a name in eval/policies, or a path."""

    policy: str = Field(default="default", min_length=1)


class BudgetSettings(Frozen):
    """What a run may spend, in USD.

    Attributes:
        usd: not more than this, whatever happens; None: no limit.
        confirm_usd: a plan that is estimated above this is confirmed before anything is sent.
    """

    usd: float | None = Field(default=None, gt=0)
    confirm_usd: float = Field(default=1.0, ge=0)


class RaySettings(Frozen):
    """The cluster that `--engine ray` uses.

    Attributes:
        address: host and port of its head, or `auto`; None: one on this machine, for as long as a run lasts.
        workers: how many work at once at most; None: one for each CPU.
    """

    address: str | None = Field(default=None, min_length=1)
    workers: int | None = Field(default=None, gt=0)


class SettingsFile(Frozen):
    """The shape of scorer.toml."""

    raters: dict[str, RaterSettings] = Field(default_factory=dict)
    panel: PanelSettings = PanelSettings()
    aggregate: AggregateSettings = AggregateSettings()
    gate: GateSettings = GateSettings()
    budget: BudgetSettings = BudgetSettings()
    ray: RaySettings = RaySettings()


class Settings(Frozen):
    """What a workspace is set to.

    Attributes:
        raters: the configured ones by name; the embedded ones that ship are in `builtin_raters()`.
    """

    raters: dict[str, Rater] = Field(default_factory=dict)
    panel: PanelSettings = PanelSettings()
    aggregate: AggregateSettings = AggregateSettings()
    gate: GateSettings = GateSettings()
    budget: BudgetSettings = BudgetSettings()
    ray: RaySettings = RaySettings()

    @classmethod
    def of(cls, file: SettingsFile) -> Self:
        """Settings from a checked file."""
        raters = {name: rater.named(name) for name, rater in file.raters.items()}
        tables = {name: getattr(file, name) for name in type(file).model_fields if name != "raters"}
        return cls(raters=raters, **tables)

    @property
    def all_raters(self) -> dict[str, Rater]:
        """Every rater that a command can name: the embedded ones that ship, then the configured ones."""
        return builtin_raters() | self.raters


@cache
def _shipped() -> dict[str, Rater]:
    tables = tomllib.loads((resources.files(__package__) / "raters.toml").read_text(encoding="utf-8"))
    return {name: RaterSettings.model_validate(table).named(name) for name, table in tables.items()}


def builtin_raters() -> dict[str, Rater]:
    """The embedded raters that ship, by name.

    `model` names the artefact of the weights; `weights_sha256` is None until a workflow that holds the registry of
    artefacts fills it in.
    """
    return dict(_shipped())
