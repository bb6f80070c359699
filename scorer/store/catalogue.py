"""O*NET releases side by side: added whole, never changed, read back as they were."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

import duckdb

from scorer.domain.base import Frozen
from scorer.domain.catalogue import CustomOccupation, Occupation, OnetRelease, ReleaseKind, Task
from scorer.domain.occupation_facts import FactTable
from scorer.errors import CatalogueError, StoreError
from scorer.store.connection import StoreFile
from scorer.store.facts import add_facts
from scorer.store.sql import append, models, rows, transaction

_SUMMARIES = """
SELECT r.name, r.kind, r.source, r.attribution, r.sha256, r.notes, r.added_at,
    (SELECT count(*) FROM occupation o WHERE o.onet_release = r.name) AS n_occupations,
    count(DISTINCT t.occupation_code) AS n_occupations_with_tasks,
    count(t.task_id) AS n_tasks,
    count(t.task_id) FILTER (t.kind = 'core') AS n_core
FROM catalogue_release r LEFT JOIN task t ON t.onet_release = r.name
GROUP BY ALL ORDER BY r.name
"""

_ACTIVITIES = """
SELECT task_id, list(activity ORDER BY rowid) FROM task_activity WHERE onet_release = ? GROUP BY task_id
"""


_TITLES = """
SELECT o.occupation_code, o.title, count(t.task_id)
FROM occupation o LEFT JOIN task t USING (onet_release, occupation_code)
WHERE o.onet_release = ? OR o.onet_release IN (SELECT onet_release FROM custom_current)
GROUP BY ALL ORDER BY o.occupation_code
"""


class ReleaseSummary(Frozen):
    """One catalogue release in figures. `is_current`: the one that is meant where none is named."""

    name: str
    kind: ReleaseKind
    source: str
    attribution: str
    sha256: str
    notes: tuple[str, ...]
    added_at: datetime
    n_occupations: int
    n_occupations_with_tasks: int
    n_tasks: int
    n_core: int
    is_current: bool = False


class OccupationTitle(NamedTuple):
    """One occupation in short."""

    occupation_code: str
    title: str
    n_tasks: int


class CatalogueTables:
    """The tables `catalogue_release`, `occupation` and `task`."""

    def __init__(self, file: StoreFile) -> None:
        self._file = file

    def add(self, release: OnetRelease, facts: Sequence[FactTable] = ()) -> bool:
        """Add a release and what came with it: all of it, or nothing where anything of it is refused.

        Returns:
            True where anything was added, False where all of it is there under this name already. A release that was
            imported without, say, its skills gets them when it is added again with them.

        Raises:
            StoreError: other content is there under this name.
        """
        with self._file.session() as con, transaction(con):
            known = con.execute("SELECT sha256 FROM catalogue_release WHERE name = ?", [release.name]).fetchone()
            if known is None:
                _append(con, release)
            elif known[0] != release.sha256:
                raise StoreError(
                    f"release {release.name} is in {self._file.path} with other content ({known[0][:12]}, not "
                    f"{release.sha256[:12]}): import it into a workspace of its own (--workspace DIR)"
                )
            added = add_facts(con, release.name, facts)
        return known is None or bool(added)

    def summaries(self) -> list[ReleaseSummary]:
        """Every release in figures, newest O*NET release first, label sets last."""
        with self._file.session() as con:
            found = models(ReleaseSummary, rows(con, _SUMMARIES))
        ordered = sorted(found, key=_newest_first, reverse=True)
        current = _current(ordered)
        return [s.model_copy(update={"is_current": s.name == current}) for s in ordered]

    def load(self, name: str | None = None) -> OnetRelease:
        """A release as it was added; without a name the current one: the newest of O*NET, else the only one.

        A release of O*NET comes with the custom occupations at its end: they take part in whatever it is used for.

        Raises:
            CatalogueError: there is none of this name, none at all, or no telling which.
        """
        with self._file.session():
            summary = self.summary(name)
            release = self._read(summary)
            if summary.kind is not ReleaseKind.ONET:
                return release
            custom = [self._read(self.summary(one)) for one in self.custom().values()]
        return release.model_copy(
            update={
                "occupations": (*release.occupations, *(o for one in custom for o in one.occupations)),
                "tasks": (*release.tasks, *(t for one in custom for t in one.tasks)),
            }
        )

    def summary(self, name: str | None = None) -> ReleaseSummary:
        """The figures of one release, chosen as `load` does and quicker than it.

        Raises:
            CatalogueError: as for `load`.
        """
        known = {s.name: s for s in self.summaries()}
        return known[_choose(name, list(known.values()))]

    def titles(self, name: str) -> list[OccupationTitle]:
        """The occupations of a release and the custom ones by code, title and number of tasks."""
        with self._file.session() as con:
            return [OccupationTitle(*row) for row in con.execute(_TITLES, [name]).fetchall()]

    def add_custom(self, custom: CustomOccupation) -> bool:
        """Add a custom occupation; its text is the current one of its code from now on, earlier ones stay.

        Returns:
            False where this text is the current one already.
        """
        code, name = custom.occupation.occupation_code, custom.release.name
        with self._file.session() as con:
            if self.custom().get(code) == name:
                return False
            is_new = self.add(custom.release)
            with transaction(con):
                if is_new:
                    own = {"onet_release": name, "occupation_code": code}
                    near = [{**own, "nearest_code": n, "place": i} for i, n in enumerate(custom.nearest, start=1)]
                    append(con, "custom_nearest", near)
                used = {"occupation_code": code, "onet_release": name, "added_at": datetime.now(UTC)}
                append(con, "custom_use", [used])
        return True

    def custom(self) -> dict[str, str]:
        """Custom occupations: code -> name of the catalogue release that holds its current text."""
        with self._file.session() as con:
            query = "SELECT occupation_code, onet_release FROM custom_current ORDER BY ALL"
            return dict(con.execute(query).fetchall())

    def nearest(self, release: str) -> tuple[str, ...]:
        """The O*NET codes that stand in for a custom occupation, by the name of its release; the nearest first."""
        with self._file.session() as con:
            query = "SELECT nearest_code FROM custom_nearest WHERE onet_release = ? ORDER BY place"
            return tuple(code for (code,) in con.execute(query, [release]).fetchall())

    def _read(self, summary: ReleaseSummary) -> OnetRelease:
        with self._file.session() as con:
            occupations = _of(con, "occupation", summary.name)
            tasks = _of(con, "task", summary.name)
            activities = dict(con.execute(_ACTIVITIES, [summary.name]).fetchall())
        for task in tasks:
            del task["statement_sha256"]  # follows from the statement
            task["activities"] = activities.get(task["task_id"], ())
        return OnetRelease(
            **summary.model_dump(include={"name", "kind", "source", "attribution", "sha256", "notes"}),
            occupations=tuple(models(Occupation, occupations)),
            tasks=tuple(models(Task, tasks)),
        )


def _append(con: duckdb.DuckDBPyConnection, release: OnetRelease) -> None:
    own = {"onet_release": release.name}
    head = release.model_dump(include={"name", "kind", "source", "attribution", "sha256", "notes"})
    append(con, "catalogue_release", [{**head, "added_at": datetime.now(UTC)}])
    append(con, "occupation", [{**own, **dict(occupation)} for occupation in release.occupations])
    append(con, "task", [{**own, **_task_row(task)} for task in release.tasks])


def _task_row(task: Task) -> dict[str, Any]:
    """A task as its table has it; activities stand in a table of their own, `task_activity`."""
    return {**{key: value for key, value in task if key != "activities"}, "statement_sha256": task.statement_sha256}


def _of(con: duckdb.DuckDBPyConnection, table: str, release: str) -> list[dict[str, Any]]:
    query = f"SELECT * EXCLUDE (onet_release) FROM {table} WHERE onet_release = ? ORDER BY rowid"  # noqa: S608 - our own names
    return rows(con, query, [release])


def _newest_first(summary: ReleaseSummary) -> tuple[bool, tuple[int, ...], str]:
    numbers = tuple(int(part) for part in summary.name.split(".") if part.isdigit())
    return summary.kind is ReleaseKind.ONET, numbers, summary.name


def _current(ordered: list[ReleaseSummary]) -> str | None:
    if not ordered or (ordered[0].kind is not ReleaseKind.ONET and len(ordered) > 1):
        return None
    return ordered[0].name


def _choose(name: str | None, known: list[ReleaseSummary]) -> str:
    names = [s.name for s in known]
    if not names:
        raise CatalogueError("the workspace knows no O*NET release yet: run `scorer onet import PATH`")
    chosen = name or next((s.name for s in known if s.is_current), None)
    if chosen is None:
        raise CatalogueError(
            f"several releases and none of O*NET ({', '.join(names)}): say which (--onet-release NAME)"
        )
    if chosen not in names:
        raise CatalogueError(
            f"no release {chosen} here, but {', '.join(names)}: choose one, or run `scorer onet import PATH`"
        )
    return chosen
