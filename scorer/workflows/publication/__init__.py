"""From scores to releases, and to those who read, compare and follow them."""
