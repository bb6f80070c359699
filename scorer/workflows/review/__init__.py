"""The review: what to look at first, answers, resolutions, drawn samples."""
