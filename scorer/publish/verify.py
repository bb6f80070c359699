"""Whether a release is what it says: documented, unchanged since it was sealed, and free of contradictions.

It refuses to repair: it only tells.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path

from scorer.domain.base import Frozen, sha256_json
from scorer.domain.rating import AnswerMode, Json
from scorer.publish.checks import CHECKS, Check, Severity
from scorer.publish.manifest import content_sha256
from scorer.store import ReleaseReader, open_release, release_schema

_SHOWN = 3
_LOCAL_PATH = re.compile(r'"(/|[A-Za-z]:\\\\|\\\\\\\\|~/)[^"]*[/\\][^"]*"')
_ASKED = """
SELECT r.rating_id, r.cell_hash, r.task_id, r.variant, r.repeat, r.occasion, r.params_sent,
    (r.raw->'$[0].request') AS request, m.provider, m.answer, m.weights_sha256
FROM rating r JOIN rater m USING (rater)
WHERE m.provider <> 'import' AND r.derived_from IS NULL AND (r.raw->'$[0].request.messages') IS NOT NULL
"""


class Finding(Frozen):
    """One rule that a release breaks: which, how badly, and an example."""

    severity: Severity
    check: str
    message: str


def verify_release(path: Path) -> list[Finding]:
    """Check a release against its schema, its manifest and the rules of `checks`.

    Returns:
        What was found, errors first; empty where all is well.

    Raises:
        StoreError: there is no such file. `StoreCorruptError`: it is no release, or is damaged.
        `StoreTooNewError`: a newer scorer wrote it.
    """
    with open_release(path) as release:
        found = list(_undocumented(release))
        if found:  # queries on tables that are not as documented would only fail
            return found
        for check in CHECKS:
            found += _broken(release, check)
        for examine in (_changed, _careless, _no_numbers, _not_derived):
            found += examine(release)
    return sorted(found, key=lambda finding: finding.severity)


def _undocumented(release: ReleaseReader) -> Iterator[Finding]:
    present = release.columns()
    for (table, column), (kind, comment) in release_schema().columns.items():
        name = f"{table}.{column}" if column else table
        if (table, column) not in present:
            yield _error("documented", f"{name} is missing")
        elif present[table, column][0] != kind:
            yield _error("documented", f"{name} is {present[table, column][0]} instead of {kind}")
        elif not present[table, column][1]:
            yield _error("documented", f"{name} has no comment; it should say: {comment}")


def _broken(release: ReleaseReader, check: Check) -> Iterator[Finding]:
    found = [str(next(iter(row.values()))) for row in release.rows(check.query)]
    if found:
        more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
        message = f"{check.wrong}: {', '.join(found[:_SHOWN])}{more}"
        yield Finding(severity=check.severity, check=check.name, message=message)


def _changed(release: ReleaseReader) -> Iterator[Finding]:
    """Tables that are not as they were when the manifest was written."""
    head = release.head()
    stated: dict[str, Json] = head.manifest.get("tables", {})
    for table, found in release.fingerprints().items():
        if stated.get(table) != found._asdict():
            rows = stated.get(table, {}).get("rows")
            yield _error("unchanged", f"`{table}` is not what was sealed ({rows} rows then, {found.rows} now)")
    if content_sha256(head.manifest) != head.content_sha256:
        yield _error("unchanged", "content_sha256 is not the hash of the content that the manifest states")


def _careless(release: ReleaseReader) -> Iterator[Finding]:
    """What a release must say, and what it must not."""
    head = release.head()
    if not head.attribution.strip():
        yield _error("attribution", "the release credits nobody; O*NET's licence asks for a credit line")
    if found := _LOCAL_PATH.search(json.dumps(head.manifest)):
        yield _error("no paths", f"the manifest names a path of a machine: {found[0]}")


def _no_numbers(release: ReleaseReader) -> Iterator[Finding]:
    """NaN and infinities: what is unknown is NULL."""
    for table in release_schema().tables:
        for column in (c.name for c in table.columns if c.type == "DOUBLE"):
            query = f'SELECT count(*) AS n FROM {table.name} WHERE NOT isfinite("{column}")'  # noqa: S608 - our own names
            if count := release.rows(query)[0]["n"]:
                yield _error(
                    "numbers are numbers", f"{table.name}.{column} has {count} rows that are no number, not NULL"
                )


def _not_derived(release: ReleaseReader) -> Iterator[Finding]:
    """Cells whose hash does not follow from the request as it was sent, where that can be told."""
    wrong = [row["rating_id"] for row in release.each(_ASKED) if _derived(row) not in (None, row["cell_hash"])]
    if wrong:
        yield _error("cell hashes follow from what was sent", f"{len(wrong)} do not, such as that of rating {wrong[0]}")


def _derived(row: Json) -> str | None:
    """The hash of the Cell that a request answers; None where the request does not hold all of it.

    An endpoint that takes no schema is asked in words alone, so its requests do not show the schema of the Cell.
    """
    params = row["params_sent"] or {}
    schema = params.get("response_format", {}).get("json_schema", {}).get("schema")
    if schema is None and row["answer"] != AnswerMode.TOKEN:
        return None
    return sha256_json(
        {
            "task_id": row["task_id"],
            "messages": [[message["role"], message["content"]] for message in row["request"]["messages"]],
            "schema": schema,
            "provider": row["provider"],
            "model": row["weights_sha256"] or row["request"]["model"],
            "params": params,
            "variant": row["variant"],
            "repeat": row["repeat"],
            "occasion": row["occasion"],
        }
    )


def _error(check: str, message: str) -> Finding:
    return Finding(severity=Severity.ERROR, check=check, message=message)
