"""The manifest: everything a release was made from, by name and hash; no paths, no hosts, no keys."""

import platform

from scorer.domain.base import sha256_json
from scorer.domain.rating import Json
from scorer.publish.revision import revision
from scorer.store import ENGINE_VERSION, Fingerprint, ReleaseChoice, ReleaseDraft, Store, release_schema
from scorer.version import VERSION

_RATER = {"rater", "provider", "model", "params", "answer", "weights_sha256", "facts"}

_LABOUR = {"kind", "period", "source", "sha256", "row_count"}


def make_manifest(store: Store, draft: ReleaseDraft, choice: ReleaseChoice, facts: Json) -> Json:
    """What a filled draft was made from.

    Args:
        store: held, so that it cannot have changed since the draft was filled.
        draft: gives the tables' rows and checksums.
        choice: what was chosen.
        facts: what the caller knows besides, such as its settings' hash.
    """
    return {
        "schema_version": release_schema().version,
        "scorer_version": VERSION,
        "scorer_revision": revision(),
        "duckdb_version": ENGINE_VERSION,
        "python_version": platform.python_version(),
        "onet_release": choice.onet_release,
        "options": {"with_statements": choice.with_statements, "provisional": choice.provisional},
        "catalogue": _catalogue(store, draft),
        "raters": _raters(store),
        "labour": [s.model_dump(mode="json", include=_LABOUR) for s in store.labour.current()],
        "label_sets": _label_sets(store),
        "evaluations": _evaluations(store),
        "aggregation": _aggregation(store),
        "tables": {name: Fingerprint._asdict(found) for name, found in draft.fingerprints().items()},
        "facts": facts,
    }


def content_sha256(manifest: Json) -> str:
    """Hash of what a release says, whenever and wherever the same was worked out: its tables without times and hosts.

    Args:
        manifest: as `make_manifest` gives it, or as a release holds it; whatever it lacks is hashed as missing.
    """
    tables: dict[str, Json] = manifest.get("tables", {})
    lasting = {table.name for table in release_schema().tables if table.content}
    content = {name: [part.get("rows"), part.get("content")] for name, part in tables.items() if name in lasting}
    return sha256_json([*(manifest.get(name) for name in ("schema_version", "onet_release", "options")), content])


def attribution(store: Store, draft: ReleaseDraft) -> str:
    """The credit lines of all whose texts or labels are inside, one a line, each once."""
    inside = set(draft.onet_releases())
    lines = [s.attribution for s in store.catalogue.summaries() if s.name in inside]
    lines += store.labour.credits()
    lines += [s.credit for s in store.labels.sets() if s.credit]
    lines += [s.credit for s in store.indices.sources() if s.credit]
    return "\n".join(dict.fromkeys(line for line in lines if line))


def _catalogue(store: Store, draft: ReleaseDraft) -> list[Json]:
    inside = set(draft.onet_releases())
    return [
        s.model_dump(mode="json", include={"name", "kind", "sha256", "n_occupations", "n_tasks"})
        for s in store.catalogue.summaries()
        if s.name in inside
    ]


def _raters(store: Store) -> list[Json]:
    used = {count.rater for count in store.ratings.counts()}
    return [r.model_dump(mode="json", include=_RATER) for r in store.raters.all() if r.rater in used]


def _label_sets(store: Store) -> list[Json]:
    return [s.model_dump(mode="json", include={"name", "kind", "sha256", "n_labels"}) for s in store.labels.sets()]


def _evaluations(store: Store) -> list[Json]:
    current = store.outcomes.current_evaluations()
    return [{"rubric": rubric, **record.model_dump(mode="json")} for rubric, record in current.items()]


def _aggregation(store: Store) -> Json | None:
    record = store.outcomes.current_aggregation()
    return record.model_dump(mode="json") if record else None
