"""Floors: the commonest label and a classifier stand beside the raters, and a policy can demand more than them."""

import numpy as np
import pytest

from eval import evaluate, load_policy
from eval.columns import Frame, encode_labels
from eval.evidence import LabelColumns
from eval.floors import CLASSIFIER, COMMONEST, MOST_LABELS, classifier, first_by_hash, labelled
from scorer.artefacts import ArtefactCache
from scorer.domain.evaluation import Decision
from scorer.providers import SentenceEmbedder


@pytest.fixture(scope="module")
def small(worlds):
    return worlds(seed=3, occupations=3)


def vectors(world, signal, seed=0):
    """Invented embeddings: noise, and as much of the truth as `signal`."""
    rng = np.random.default_rng(seed)
    noise = rng.normal(size=(len(world.truth), 8))
    noise[:, 0] += signal * world.truth
    return dict(zip(world.tasks, noise.astype(np.float32), strict=True))


def values(found, metric="alpha_ordinal"):
    return {a.rater: a.value for a in found.agreements if a.stratum == "all" and a.metric == metric}


def test_the_floors_stand_beside_the_raters_without_a_verdict(small, coverage):
    """Rows for the commonest label, whose kappa is 0, and for the classifier; no Verdict and no seat for either."""
    rater = small.rater(coverage, "a", small.noisy(np.random.default_rng(0)))
    found = evaluate(
        coverage, [rater], small.labels(coverage), small.tasks, load_policy("default"), embeddings=vectors(small, 2.0)
    )
    assert values(found, "kappa")[COMMONEST] == pytest.approx(0)
    assert values(found, "raw_agreement")[COMMONEST] == np.bincount(small.truth).max() / 300
    assert 0.3 < values(found)[CLASSIFIER] < 1
    assert {verdict.rater for verdict in found.verdicts} == {"a"}


def test_without_embeddings_there_is_no_classifier(small, coverage):
    """Nobody asked for it: the commonest label alone stands there."""
    rater = small.rater(coverage, "a", small.truth)
    found = evaluate(coverage, [rater], small.labels(coverage), small.tasks, load_policy("default"))
    assert COMMONEST in values(found)
    assert CLASSIFIER not in values(found)


def test_no_task_is_predicted_by_who_has_seen_its_occupation(worlds, coverage):
    """Embeddings that name the occupation and nothing else teach nothing: labels of an occupation never leak to it."""
    world = worlds(seed=4, occupations=3)
    frame = Frame(world.tasks, world.tasks)
    labels = labelled(LabelColumns("people", (encode_labels(frame, coverage, "ann", world.labels(coverage)),), ()))
    names = np.eye(60, dtype=np.float32)[frame.occupations]
    found = classifier(frame, labels, dict(zip(frame.task_ids, names, strict=True)))
    right = (found.shares.argmax(axis=1) == labels.shares.argmax(axis=1)).mean()
    assert right <= np.bincount(world.truth).max() / len(world.truth) + 0.02


def test_next_to_nothing_trains_nothing(small, coverage):
    """Forty-nine labels, or labels of one category, make no classifier."""
    frame = Frame(small.tasks, small.tasks)
    for ranks in (np.where(np.arange(300) < 49, small.truth, -1), np.full(300, 2)):
        column = encode_labels(frame, coverage, "ann", small.labels(coverage, ranks=ranks))
        assert classifier(frame, labelled(LabelColumns("people", (column,), ())), vectors(small, 2.0)) is None


def test_a_policy_can_demand_more_than_the_classifier(small, coverage):
    """Held where the classifier is as good, or where there is none; passed where the rater is clearly better."""
    demanding = load_policy("default").model_copy(update={"must_beat_classifier": True})
    rater = small.rater(coverage, "a", small.noisy(np.random.default_rng(0)))

    def decided(embeddings):
        (verdict,) = evaluate(
            coverage, [rater], small.labels(coverage), small.tasks, demanding, embeddings=embeddings
        ).verdicts
        return verdict.decision, " ".join(verdict.reasons)

    decision, reasons = decided(vectors(small, 0.5))
    assert decision is Decision.PASS
    assert "difference [+" in reasons
    decision, reasons = decided(vectors(small, 6.0))
    assert decision is Decision.HOLD
    assert "not wholly above 0" in reasons
    decision, reasons = decided(None)
    assert decision is Decision.HOLD
    assert "no classifier to compare with" in reasons


def test_the_same_thousand_tasks_are_embedded_every_time():
    """By the hash of their ids, in whatever order they come."""
    tasks = [str(number) for number in range(3_000)]
    assert first_by_hash(tasks) == first_by_hash(tasks[::-1])
    assert len(first_by_hash(tasks)) == MOST_LABELS


@pytest.mark.index
def test_the_pinned_sentence_model_knows_what_is_alike():
    """Two sentences of one meaning are nearer than two of different ones; vectors have length 1, in the order given."""
    cache = ArtefactCache()
    files = [cache.pull(name) for name in ("all-minilm-l6-v2-int8", "all-minilm-l6-v2-tokenizer")]
    texts = [
        "Write letters to customers.",
        "Weld steel beams on a building site, in any weather.",
        "Draft client mail.",
    ]
    found = SentenceEmbedder(*files).embed(texts)
    assert found.shape == (3, 384)
    assert np.linalg.norm(found, axis=1) == pytest.approx(1, abs=1e-5)
    alike, other, _ = found @ found[0], found @ found[1], None
    assert alike[2] > alike[1]
    assert other[2] < alike[2]
