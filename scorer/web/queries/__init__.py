"""What pages and the JSON interface read of a release: plain rows, nothing worked out that the release does not say."""
