"""The rubrics: one folder a rubric, one file a version, and the lock that keeps a used version as it was."""
