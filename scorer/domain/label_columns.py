"""Columns of a label file that is not ours."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class ColumnMap:
    """Where a file that is not of the contract has what a label needs; its other columns are passed over.

    Attributes:
        rubric: the version that all its rows are about. task, labeller, category: names of columns.
        by: who labelled all of it, where no column says.
    """

    rubric: str
    task: str = "task_id"
    labeller: str = "labeller"
    category: str = "category"
    by: str | None = None

    @property
    def needed(self) -> tuple[str, ...]:
        """The columns that the file must have."""
        return (self.task, self.category) if self.by else (self.task, self.labeller, self.category)

    def row(self, named: Mapping[str, str]) -> dict[str, str]:
        """A row of the file under the names of the contract."""
        labeller = self.by or named[self.labeller]
        return {
            "task_id": named[self.task],
            "rubric": self.rubric,
            "labeller": labeller,
            "category": named[self.category],
        }
