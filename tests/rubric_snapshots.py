"""What a rater sees of each shipped rubric, as text files beside the tests; run this file to write them.

A snapshot of a locked version never changes: where one does, the renderer has changed what ratings were asked with.
"""

from pathlib import Path

from scorer.domain.catalogue import Occupation, Task
from scorer.domain.rating import AnswerMode
from scorer.domain.rubric import Rubric
from scorer.rubrics import available, open_probes, render, render_rationale

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
    """Every message of every mode of answering, for one invented task."""
    asked = [
        (mode.value, message)
        for mode in AnswerMode
        if mode is not AnswerMode.PROBES or rubric.probes
        for message in render(rubric, COOPERS, BEND, mode)
    ]
    if rubric.probes:
        asked += [(one.name, message) for one in open_probes(rubric, examples=True) for message in one.opening]
        asked += [("rationale", render_rationale(rubric, COOPERS, BEND, rubric.values[0])[0])]
    return "\n\n".join(f"=== {what}: {message.role}\n{message.content}" for what, message in asked) + "\n"


def place(rubric: Rubric) -> Path:
    """Where the snapshot of a rubric lies."""
    return SNAPSHOTS / f"{rubric.id}.txt"


if __name__ == "__main__":
    for one in available():
        place(one).write_text(snapshot(one), encoding="utf-8")
