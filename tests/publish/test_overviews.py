"""Scores of the other rubrics in a release: side by side, as a profile, and what blocks them."""

import pytest
from store_samples import FINCH, OWL, filled_store, occupation_score

from scorer.domain.evaluation import BlockerShare
from scorer.publish import PublishOptions, publish, verify_release
from scorer.store import AggregationRecord, open_release

LEVELS = {"mean": 3.5, "share_H1": 0.0, "share_H2": 0.25, "share_H3": 0.25, "share_H4": 0.25, "share_H5": 0.25}


def blocked(code, status="published", share=0.4):
    return BlockerShare(
        occupation_code=code,
        rubric="coverage@1",
        rater="good",
        blocker="physical",
        share=share,
        n_tasks=2,
        completeness=1.0,
        weights="core2",
        status=status,
    )


@pytest.fixture
def store(tmp_path):
    """One rater on three rubrics, coverage in two versions, one occupation held."""
    store = filled_store(tmp_path / ".scorer" / "store.duckdb")
    plain = {"coverage@1": 40.0, "coverage@2": 44.0, "augmentation@1": 0.5, "outlook@1": 25.0}
    scores = [occupation_score(FINCH, "good", score, rubric=rubric) for rubric, score in plain.items()]
    scores += [
        occupation_score(FINCH, "good", score, rubric="agency@1", measure=measure, share_50=None)
        for measure, score in LEVELS.items()
    ]
    scores.append(occupation_score(OWL, "good", 66.0, status="held"))
    record = AggregationRecord(aggregation_id="a2", onet_release="30.1", weights="core2", panel=("good",), seed=7)
    shares = [blocked(FINCH), blocked(OWL, "held")]
    store.outcomes.save_aggregation(record, [], [], scores, [], blocker_shares=shares)
    return store


def rows(path, query):
    with open_release(path) as release:
        return [tuple(row.values()) for row in release.rows(query)]


def test_the_overview_sets_published_scores_side_by_side(store, tmp_path):
    """One row per occupation and rater with the newest version of each rubric; what nobody scored is NULL."""
    out = tmp_path / "results.duckdb"
    publish(store, out)
    columns = "occupation_code, ai_task_coverage, ai_exposure, automation, augmentation_potential, human_agency"
    found = rows(out, f"SELECT {columns}, five_year_outlook FROM occupation_overview")  # noqa: S608 - our own names
    assert found == [(FINCH, 44.0, 0.5, None, 0.5, 3.5, 25.0)]


def test_the_profile_shows_the_weight_at_each_level(store, tmp_path):
    """The shares of the five levels stand beside the mean."""
    out = tmp_path / "results.duckdb"
    publish(store, out)
    found = rows(out, "SELECT occupation_code, mean, h1, h2, h3, h4, h5 FROM agency_profile")
    assert found == [(FINCH, 3.5, 0.0, 0.25, 0.25, 0.25, 0.25)]


def test_blocked_weight_is_held_with_its_score(store, tmp_path):
    """A held share is no number, unless the release says that it is provisional."""
    out = tmp_path / "results.duckdb"
    publish(store, out)
    query = "SELECT occupation_code, share FROM blocker_share ORDER BY occupation_code"
    assert rows(out, query) == [(FINCH, 0.4), (OWL, None)]
    assert not [found for found in verify_release(out) if "blocker" in found.check]
    publish(store, out, PublishOptions(provisional=True))
    assert rows(out, query) == [(FINCH, 0.4), (OWL, 0.4)]
