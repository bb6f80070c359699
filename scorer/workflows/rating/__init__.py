"""What is to be asked of whom, and asking it."""
