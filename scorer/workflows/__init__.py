"""The use-cases, one short module each: the only place where rooms meet. They print nothing and parse nothing."""
