"""Money: the plan says what it would cost, nothing is spent unasked, and no price is guessed."""

import pytest
from road import endpoint, invented_tasks, scorer, stats, write_answers, write_onet

TASKS = invented_tasks(occupations_per_group=1)
KEY = "sk-test-5d0c77ab91"
RATER = """
[raters.paid]
provider = "openai"
model = "paid-2026-01-31"
base_url = "{url}"
api_key_env = "PAID_KEY"
limits = {{ concurrency = 4 }}
{more}
"""
PRICE = "price = { input = 1000.0, output = 1000.0, batch = 0.5 }"


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    answers = write_answers(tmp_path_factory.mktemp("answers") / "answers.json", TASKS)
    with endpoint("--answers", str(answers), "--key", KEY) as address:
        yield address


@pytest.fixture
def command(tmp_path, url):
    """Runs the command in a workspace with one paid rater; `more` stands in its settings."""
    scorer(tmp_path, "onet", "import", str(write_onet(tmp_path / "db_30_9_text", TASKS)))

    def run(*arguments, more=PRICE):
        (tmp_path / "scorer.toml").write_text(RATER.format(url=url, more=more))
        return scorer(tmp_path, *arguments, PAID_KEY=KEY)

    return run


def requests(url):
    return stats(url).get("requests", 0)


def test_the_plan_prices_what_is_missing_and_sends_nothing(command, url):
    """Tokens, three tiers, and the tier without a price is unknown; after rating, earlier ratings tell the tokens."""
    before = requests(url)
    (first,) = command("plan", "--sample", "24", "--json").json()["estimates"]
    assert first["cells"] == 24
    assert first["usd"]["batch"] == pytest.approx(first["usd"]["online"] / 2)
    assert first["usd"]["flex"] is None
    assert first["basis"] == "rule: characters / 4"
    assert requests(url) == before
    assert command("rate", "--sample", "12", "--yes").status == 0
    plan = command("plan", "--sample", "24", "--json").json()
    assert plan["estimates"][0]["basis"] == "12 earlier ratings"
    assert plan["lines"][0]["reason"] == "new task"
    assert "online" in command("plan", "--sample", "24").out


def test_nothing_is_spent_before_it_was_confirmed(command, url):
    """Above `confirm_usd` a script needs --yes; the refusal names the sum and comes before any request."""
    before = requests(url)
    said = command("rate", "--sample", "24")
    assert said.status == 3
    assert "--yes" in said.err
    assert requests(url) == before
    assert command("rate", "--sample", "12", more=PRICE + "\n[budget]\nconfirm_usd = 1e6").status == 0


def test_an_unknown_price_is_refused_unless_allowed(command, url):
    """A model that nobody lists, and a tier without a price, send nothing; with --allow-unpriced the cost is NULL."""
    before = requests(url)
    for more in ("", 'params = { service_tier = "flex" }\n' + PRICE, 'params = { service_tier = "turbo" }\n' + PRICE):
        said = command("rate", "--sample", "12", "--yes", more=more)
        assert said.status == 3
        assert "rater `paid`" in said.err
        assert "--allow-unpriced" in said.err
    assert requests(url) == before
    assert command("rate", "--sample", "12", "--allow-unpriced", more="").status == 0


@pytest.mark.parametrize("where", ["option", "settings"])
def test_the_budget_is_never_passed(command, url, where):
    """At about .9 USD a request 6 USD end after a few; what was answered is kept, the rest is told, exit 1."""
    more = PRICE + ("\n[budget]\nusd = 6.0" if where == "settings" else "")
    option = ("--budget-usd", "6") if where == "option" else ()
    before = requests(url)
    said = command("rate", "--sample", "24", "--yes", "--json", *option, more=more)
    assert said.status == 1, said.err
    run = said.json()
    asked = requests(url) - before
    assert 3 <= asked <= 6
    assert 0 < run["cost_usd"] <= 6
    assert run["left"] == 24 - asked
    assert "raise --budget-usd" in run["budget_problem"]
    rest = command("rate", "--sample", "24", "--yes", "--budget-usd", "100")
    assert rest.status == 0, rest.err
    assert requests(url) - before == 24


def test_a_budget_too_small_for_one_request_sends_nothing(command, url):
    """The first request could pass it: nothing is sent, and the advice is the same."""
    before = requests(url)
    said = command("rate", "--sample", "12", "--yes", "--budget-usd", "0.01")
    assert said.status == 1
    assert "raise --budget-usd" in said.err
    assert "12 cells are still missing" in said.out
    assert requests(url) == before
