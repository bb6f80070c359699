"""The catalogue: O*NET releases read into Occupations and Tasks, and the choosing of Tasks among them.

Three readers, one shape: official files (`read_release`), the offline artefact (`read_offline_release`) and the
tasks printed in a label set (`read_label_set_tasks`) all give an `OnetRelease`; `read_facts` gives what official
files say of occupations beside their tasks, `read_offline_skills` the skills that the offline artefact has. Rows that
make no sense are refused one by one, with file, line and reason, into the notes; a file that is missing, breaks off or
has no usable row is a `CatalogueError`. Nothing is guessed: a rating that O*NET does not print is None.
"""

from scorer.catalogue.attribution import attribution
from scorer.catalogue.bls import read_labour
from scorer.catalogue.crosswalk import read_crosswalk
from scorer.catalogue.custom import SHIPPED, read_custom
from scorer.catalogue.diff import Change, OccupationChange, ReleaseDiff, TaskChange, diff_releases, word_diff
from scorer.catalogue.facts import read_facts
from scorer.catalogue.label_set import read_label_set_tasks
from scorer.catalogue.offline import read_offline_release
from scorer.catalogue.offline_skills import read_offline_skills
from scorer.catalogue.onet import read_release
from scorer.catalogue.search import Found, TitleIndex
from scorer.catalogue.selection import Selection, find_occupations, read_task_file, select, stratified_sample
from scorer.catalogue.tables import REFUSED

__all__ = [
    "REFUSED",
    "SHIPPED",
    "Change",
    "Found",
    "OccupationChange",
    "ReleaseDiff",
    "Selection",
    "TaskChange",
    "TitleIndex",
    "attribution",
    "diff_releases",
    "find_occupations",
    "read_crosswalk",
    "read_custom",
    "read_facts",
    "read_label_set_tasks",
    "read_labour",
    "read_offline_release",
    "read_offline_skills",
    "read_release",
    "read_task_file",
    "select",
    "stratified_sample",
    "word_diff",
]
