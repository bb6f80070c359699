"""What machines that gather data sets are told of the release: schema.org's Dataset."""

import json

from markupsafe import Markup

from scorer.domain.rating import Json
from scorer.store import release_schema
from scorer.web.shelf import OpenRelease

SERVED = (
    ("/api/tables/occupation_score.csv", "text/csv"),
    ("/api/tables/occupation_score.parquet", "application/vnd.apache.parquet"),
)
WRITTEN = (("occupations.csv", "text/csv"),)
"""Addresses of the scores and their media types: of a server, and on a site of files."""


def dataset(release: OpenRelease, *, is_live: bool) -> Json:
    """The release as a schema.org Dataset, with where its scores are."""
    head = release.head
    return {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": f"AI and the tasks of O*NET occupations, release {head.release_id}",
        "description": (
            "Ratings of O*NET tasks by models and people, how far they agree, and scores of occupations where they "
            "agree well enough. Not a forecast of job loss."
        ),
        "identifier": head.content_sha256,
        "version": head.release_id,
        "datePublished": head.created_at.isoformat(),
        "creditText": "\n".join(release.credits),
        "isAccessibleForFree": True,
        "distribution": [
            {"@type": "DataDownload", "encodingFormat": kind, "contentUrl": address}
            for address, kind in (SERVED if is_live else WRITTEN)
        ],
        "variableMeasured": [table.name for table in release_schema().tables if table.name in release.tables],
    }


def dataset_markup(release: OpenRelease, *, is_live: bool) -> Markup:
    """The same for a page's `application/ld+json`, which is no script: nothing in it can end the element."""
    text = json.dumps(dataset(release, is_live=is_live), ensure_ascii=True)
    for char in "<>&":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return Markup(text)  # noqa: S704 - JSON in which no markup is left
