"""The Batch API as an engine: Cells go up in files and come back as Ratings, collected by any process.

What is known of a batch stands in the store, before and after each call; its Cells lie in the folder of their run. So
whoever comes later, after a kill as well, goes on where the last step ended.
"""

from scorer.rating.batches.clerk import Bureau
from scorer.rating.batches.engine import BatchEngine, Rounds
from scorer.rating.batches.ledger import Ledger
from scorer.rating.batches.order import Order

__all__ = ["BatchEngine", "Bureau", "Ledger", "Order", "Rounds"]
