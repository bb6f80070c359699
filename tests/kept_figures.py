"""Figures as a measuring command keeps them, held against those that the pages are made of."""

import json

import measured


def assert_makes(section, kept):
    """A section has what the tracked one has, so that its tables can be made of it."""
    ours, tracked = json.loads(kept.read_text())[section], measured.kept()[section]
    assert set(ours) == set(tracked)
    assert set(tracked["figures"]) <= set(ours["figures"])
    assert set(tracked["goals"]) - set(ours["goals"]) <= {"memory_large"}, "a goal of full length alone"
    assert all(ours[name] for name in ("date", "revision", "machine"))
    for rows in (measured.SPEED, measured.CLUSTER):
        for row in rows:
            if row.section == section:
                assert measured._cells(row, ours)[1]
