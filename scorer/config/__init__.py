"""Configuration: what a workspace is set to, and where its files stand.

`scorer.toml` is read strictly: an unknown key, a wrong type or a secret in the open is an error with its line, and all
of them are told at once. Keys of providers are named by their environment variable and never read here.
"""

from importlib import resources

from scorer.config.checks import rater_name_problem
from scorer.config.reading import load_settings, read_settings
from scorer.config.settings import (
    AggregateSettings,
    BudgetSettings,
    GateSettings,
    PanelSettings,
    Settings,
    builtin_raters,
)
from scorer.config.workspace import Workspace

COMMENTED_TEMPLATE = (resources.files(__package__) / "template.toml").read_text(encoding="utf-8")
"""What `scorer init` writes: a scorer.toml in which every setting is explained and commented out."""

__all__ = [
    "COMMENTED_TEMPLATE",
    "AggregateSettings",
    "BudgetSettings",
    "GateSettings",
    "PanelSettings",
    "Settings",
    "Workspace",
    "builtin_raters",
    "load_settings",
    "rater_name_problem",
    "read_settings",
]
