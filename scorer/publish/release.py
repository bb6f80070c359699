"""One immutable release of what the store holds now."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from pydantic import Field

from scorer.domain.base import Frozen
from scorer.domain.rating import Json
from scorer.errors import CatalogueError, StoreError
from scorer.publish.manifest import attribution, content_sha256, make_manifest
from scorer.store import ReleaseChoice, ReleaseDraft, ReleaseHead, Store, release_schema
from scorer.version import VERSION

_ID_DIGITS = 12


class PublishOptions(Frozen):
    """How a release is made.

    Attributes:
        with_statements: False leaves out the words of others (statements, descriptions) and what may quote them
            (rationales, notes, prompts as sent, raw answers): ids and figures remain, and occupation titles.
        provisional: held scores keep their numbers, and the manifest says so.
    """

    with_statements: bool = True
    provisional: bool = False


class PublishedRelease(Frozen):
    """What was published. rows: by table. notes: what its maker should know, one line each."""

    path: Path
    release_id: str
    rows: dict[str, int]
    notes: tuple[str, ...] = Field(default=())


def publish(
    store: Store, out: Path, options: PublishOptions | None = None, facts: Json | None = None
) -> PublishedRelease:
    """Publish the current evaluation and aggregation with all ratings and labels; swapped in whole.

    Args:
        store: the working store.
        out: the file to write or replace.
        options: how; the defaults where None.
        facts: what the manifest should say besides.

    Raises:
        StoreError: the aggregation is older than an evaluation, or the file cannot be written.
        CatalogueError: there is no O*NET release to publish.
    """
    options = options or PublishOptions()
    with store.held():
        choice = _choose(store, options)
        with store.release_draft(out, choice) as draft:
            head = _head(store, draft, choice, facts or {})
            draft.seal(head)
        tables: dict[str, Json] = head.manifest["tables"]
        rows = {name: int(table["rows"]) for name, table in tables.items()}
        return PublishedRelease(path=out, release_id=head.release_id, rows=rows, notes=tuple(_notes(store, choice)))


def _choose(store: Store, options: PublishOptions) -> ReleaseChoice:
    aggregation = store.outcomes.current_aggregation()
    if aggregation is None:
        return ReleaseChoice(onet_release=_current(store), aggregation_id=None, **dict(options))
    for rubric, evaluation in store.outcomes.current_evaluations().items():
        if evaluation.created_at > aggregation.created_at:
            raise StoreError(
                f"{rubric} was evaluated after the scores were aggregated, so they may rest on other verdicts: "
                "run `scorer aggregate`, then publish"
            )
    return ReleaseChoice(
        onet_release=aggregation.onet_release, aggregation_id=aggregation.aggregation_id, **dict(options)
    )


def _current(store: Store) -> str:
    known = store.catalogue.summaries()
    current = next((s.name for s in known if s.is_current), None)
    if current is None:
        raise CatalogueError("there is no O*NET release to publish: run `scorer onet import PATH`")
    return current


def _head(store: Store, draft: ReleaseDraft, choice: ReleaseChoice, facts: Json) -> ReleaseHead:
    created_at = datetime.now(UTC)
    manifest = make_manifest(store, draft, choice, facts)
    content = content_sha256(manifest)
    evaluations = store.outcomes.current_evaluations().values()
    latest = max(evaluations, key=lambda record: record.created_at, default=None)
    return ReleaseHead(
        release_id=f"{created_at:%Y%m%d}-{content[:_ID_DIGITS]}",
        created_at=created_at,
        schema_version=release_schema().version,
        scorer_version=VERSION,
        onet_release=choice.onet_release,
        attribution=attribution(store, draft),
        policy_hash=latest.policy_hash if latest else None,
        content_sha256=content,
        manifest=manifest,
    )


def _notes(store: Store, choice: ReleaseChoice) -> Iterator[str]:
    if choice.aggregation_id is None:
        yield "nothing was aggregated yet, so there are no occupation scores: run `scorer aggregate`"
    if not store.outcomes.current_evaluations():
        yield "nothing was evaluated yet, so there are no verdicts: run `scorer evaluate`"
    if choice.provisional:
        yield "provisional: held scores have numbers in this release"
