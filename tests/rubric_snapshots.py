"""What a rater sees of each shipped rubric, as text files beside the tests; run this file to write them.

A snapshot of a locked version never changes: where one does, the renderer has changed what ratings were asked with.
"""

from pathlib import Path

from scorer.domain.catalogue import Occupation, Task
from scorer.domain.rating import AnswerMode
from scorer.domain.rubric import Rubric
from scorer.rubrics import available, render

SNAPSHOTS = Path(__file__).parent / "rubrics" / "snapshots"
COOPERS = Occupation(occupation_code="51-7011.00", title="Coopers", description="Make casks.")
BEND = Task(
    task_id="1",
    occupation_code="51-7011.00",
    statement="Bend staves over a fire.",
    kind="core",
    activities=("Shape wood.", "Heat workpieces."),
)


def snapshot(rubric: Rubric) -> str:
    """Every message of both modes of answering, for one invented task."""
    parts = [
        f"=== {mode.value}: {message.role}\n{message.content}"
        for mode in AnswerMode
        for message in render(rubric, COOPERS, BEND, mode)
    ]
    return "\n\n".join(parts) + "\n"


def place(rubric: Rubric) -> Path:
    """Where the snapshot of a rubric lies."""
    return SNAPSHOTS / f"{rubric.id}.txt"


if __name__ == "__main__":
    for one in available():
        place(one).write_text(snapshot(one), encoding="utf-8")
