"""The workspace: making one, opening it for work, and the pinned files that work needs."""
