"""The reference release: what a clone holds ready to query. The demo's road with more occupations, without sentences.

It starts from the ratings in the old file: what they answer is not asked again, so making it anew after a change of the
gate or of a table takes seconds.
"""

from pathlib import Path

from scorer.config import Workspace
from scorer.publish import PublishOptions
from scorer.workflows.demo import OCCUPATIONS, DemoReport, Observe, Sample, Tell, walk
from scorer.workflows.workspace.bench import Bench

MORE_OCCUPATIONS = (
    "15-1251.00",  # Computer Programmers
    "17-2051.00",  # Civil Engineers
    "23-2011.00",  # Paralegals and Legal Assistants
    "27-3041.00",  # Editors
    "31-1122.00",  # Personal Care Aides
    "33-9032.00",  # Security Guards
    "41-3041.00",  # Travel Agents
    "47-2111.00",  # Electricians
    "51-3021.00",  # Butchers and Meat Cutters
    "53-7051.00",  # Industrial Truck and Tractor Operators
)
SAMPLE = Sample(occupations=(*OCCUPATIONS, *MORE_OCCUPATIONS), illustrated=False, live=False)


def make_reference(directory: Path, out: Path, tell: Tell, observe: Observe, sample: Sample = SAMPLE) -> DemoReport:
    """Make the reference release and put it in the place of the old one.

    Args:
        directory: the workspace it is made in; may be empty.
        out: the file, whose ratings are taken over where it is there.
        tell: told each step in a line.
        observe: told how far the rating is.
        sample: what is rated by whom.

    Raises:
        ScorerError: what is missing, and what to do; the old file stays.
    """
    bench = Bench(Workspace(directory).ensure().root)
    options = PublishOptions(with_statements=False)
    return walk(bench, tell, observe, sample, earlier=out, out=out, options=options)
