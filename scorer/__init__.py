"""The scorer: how much of each O*NET task can today's AI do, how sure are we, and who says so.

For programs that read a release: `scorer.open_release("results.duckdb")`, see `scorer.release`.
"""

from typing import TYPE_CHECKING, Any

from scorer.version import VERSION

if TYPE_CHECKING:
    from scorer.release import Release, open_release

__version__ = VERSION

__all__ = ["Release", "__version__", "open_release"]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever is asked for
    """`Release` and `open_release`, loaded when first asked for: `scorer --help` should not wait for DuckDB."""
    if name in {"Release", "open_release"}:
        from scorer import release  # noqa: PLC0415 - see above

        return getattr(release, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
