"""The domain: frozen values that every room speaks, over the standard library and pydantic only."""
