"""Profiles of occupations and the evidence that they may cite."""
