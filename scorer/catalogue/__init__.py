"""The catalogue: O*NET releases read into Occupations and Tasks, and the choosing of Tasks among them.

Three readers, one shape: official text files (`read_release`), the offline artefact (`read_offline_release`) and the
tasks printed in a label set (`read_label_set_tasks`) all give an `OnetRelease`. Rows that make no sense are refused
one by one, with file, line and reason, into its `notes`; a file that is missing, truncated or has no usable row is a
`CatalogueError`. Nothing is guessed: a rating that O*NET does not print is None.
"""

from scorer.catalogue.attribution import attribution
from scorer.catalogue.label_set import read_label_set_tasks
from scorer.catalogue.offline import read_offline_release
from scorer.catalogue.onet import read_release
from scorer.catalogue.selection import Selection, find_occupations, read_task_file, select, stratified_sample
from scorer.catalogue.tables import REFUSED

__all__ = [
    "REFUSED",
    "Selection",
    "attribution",
    "find_occupations",
    "read_label_set_tasks",
    "read_offline_release",
    "read_release",
    "read_task_file",
    "select",
    "stratified_sample",
]
