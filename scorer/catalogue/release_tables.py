"""The tables of one release by our names for them, in whatever form and under whatever name they lie there."""

from collections.abc import Callable
from typing import NamedTuple

from scorer.catalogue.files import ReleaseFiles
from scorer.catalogue.tables import needed, read_table


class Tables(NamedTuple):
    """The tables of one release. `files`: where they lie; `release`: its number."""

    files: ReleaseFiles
    release: str

    def read(
        self, table: str, keep: Callable[..., None], notes: list[str], *, purpose: str | None = None
    ) -> str | None:
        """Hands every row of a table to `keep`, in the order of the columns in `layout.toml`.

        Returns:
            The names of the files, None where the table is not there.

        Raises:
            CatalogueError: it is not there and has a `purpose`, or it cannot be read.
        """
        found = self.files.find(table, self.release)
        if found is None:
            if purpose is not None:
                raise self.files.missing(table, self.release, purpose)
            return None
        layout, members = found
        for member in members:
            columns = layout.column_names(in_sql=member.suffix == ".sql")
            read_table(member.name, self.files.rows(member), columns, keep, notes)
        return " and ".join(member.name for member in members)


class Names:
    """Words by id, from the reference table of the release; read when the first id without words comes."""

    def __init__(self, tables: Tables, table: str) -> None:
        self._tables, self._table = tables, table
        self._known: dict[str, str] | None = None

    def find(self, printed: str | None, key: str | None) -> str | None:
        """The words as printed, else those of the id; None where neither is there."""
        if printed is not None or key is None:
            return printed
        if self._known is None:
            self._known = known = {}

            def keep(identity: str | None, name: str | None) -> None:
                known[needed(identity, "id")] = needed(name, "name")

            self._tables.read(self._table, keep, [])
        return self._known.get(key)

    def of(self, printed: str | None, key: str) -> str:
        """The same; ValueError where there are none."""
        return needed(self.find(printed, key), f"name of `{key}`, here or in the reference table")
