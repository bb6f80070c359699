"""From a reply to the row that is kept."""

import pytest

from scorer.domain.rating import Price, Usage
from scorer.rating.assemble import cost_usd

PRICE = Price(input=2.0, output=10.0, cached_input=0.5)


def test_cached_tokens_cost_their_own_price():
    """1,000 tokens in, 600 of them cached, 100 out: 400 x 2 + 600 x .5 + 100 x 10 millionths of a dollar."""
    usage = Usage(input_tokens=1000, cached_tokens=600, output_tokens=100)
    assert cost_usd(usage, PRICE) == pytest.approx(0.0021)


@pytest.mark.parametrize(("usage", "price"), [(Usage(), PRICE), (Usage(input_tokens=1, output_tokens=1), None)])
def test_an_unknown_cost_is_not_zero(usage, price):
    """Without a price or without token counts there is no cost, which is not the same as a cost of nothing."""
    assert cost_usd(usage, price) is None
