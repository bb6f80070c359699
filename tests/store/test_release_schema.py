"""The release's tables: what the contract lists, documented from one source."""

import pytest
from shared_data import REPOSITORY

from scorer.store import release_schema, tables_page
from scorer.store.release_schema import RESOURCES
from scorer.store.release_writer import PREVIOUS, SEALED_LAST

CONTRACT = {
    "release": "release_id created_at schema_version scorer_version onet_release attribution policy_hash manifest",
    "occupation": "occupation_code title description major_group job_zone is_custom employment median_wage_usd "
    "wage_year projected_growth_pct projection_period demand_trend",
    "task": "task_id onet_release is_current occupation_code statement statement_sha256 kind importance relevance "
    "frequency",
    "occupation_skill": "occupation_code importance",
    "occupation_technology": "occupation_code example is_hot is_in_demand",
    "rubric": "rubric sha256 scale prompt",
    "rater": "rater provider model params is_embedded",
    "run": "run_id",
    "rating": "rating_id run_id task_id rubric rater variant repeat cell_hash occasion status category score "
    "score_expected probability_mass confidence rationale evidence blockers derived_from repairs_rating_id "
    "statement_sha256 rubric_sha256 schema_sha256 params_sent service_tier request_id finish_reason served_model "
    "system_fingerprint input_tokens cached_tokens output_tokens reasoning_tokens cost_usd attempts latency_ms "
    "created_at raw",
    "task_score": "task_id rubric rater measure score n sd status",
    "task_consensus": "task_id rubric score spread n_raters rationale",
    "label": "label_set task_id rubric labeller labeller_kind origin sample_id inclusion_probability category score "
    "note created_at",
    "gold_label": "label_set task_id rubric category score",
    "agreement": "rater counterpart rubric stratum metric value ci_low ci_high n reason_undefined",
    "verdict": "rater rubric label_set level decision reasons policy policy_hash",
    "occupation_score": "occupation_code rubric rater measure score share_50 ci_low ci_high rank_low rank_high n_tasks "
    "completeness weights status reasons",
    "disagreement": "task_id rubric spread weight priority resolved_by",
    "data_dictionary": "table_name column_name",
}


@pytest.mark.parametrize("table", CONTRACT)
def test_the_contract_is_kept(table):
    """Every table and column that others may rely on is there under its name."""
    (found,) = [t for t in release_schema().tables if t.name == table]
    assert not found.is_view
    assert set(CONTRACT[table].split()) <= {column.name for column in found.columns}


def test_everything_is_said_in_words():
    """Each table, view and column has a comment that is a sentence."""
    for (table, column), (_, comment) in release_schema().columns.items():
        assert comment.endswith("."), (table, column)


def test_every_table_is_filled_or_says_that_it_is_empty():
    """A table has a query that fills it, is written by the writer itself, or is documented as empty."""
    for table in release_schema().tables:
        has_query = (RESOURCES / "fill" / f"{table.name}.sql").is_file()
        assert [has_query, table.name in {*SEALED_LAST, PREVIOUS}, table.empty, table.is_view].count(True) == 1, (
            table.name
        )
        assert not table.empty or "Empty in this version" in table.comment


def test_the_page_in_the_docs_is_current():
    """docs/tables.md is what the schema says; write it anew with `tables_page()`."""
    assert (REPOSITORY / "docs" / "tables.md").read_text(encoding="utf-8") == tables_page()
