"""The web application: a release to look at, and the desk of the reviewers. The door to starlette and uvicorn.

What it may do beside reading a release comes in as callables (`Uses`), handed over by the workflow that starts it: the
room knows no other. Pages are templates over `scorer.pages`; nothing on them needs a script.
"""

from scorer.web.app import make_app
from scorer.web.desk import ComparedPage, Peers, Uses
from scorer.web.guard import TOKEN_VARIABLE, Doorkeeper, doorkeeper
from scorer.web.reviewing import Gait, Reviewing, ShownRun
from scorer.web.server import bound, serve_app
from scorer.web.site import write_site

__all__ = [
    "TOKEN_VARIABLE",
    "ComparedPage",
    "Doorkeeper",
    "Gait",
    "Peers",
    "Reviewing",
    "ShownRun",
    "Uses",
    "bound",
    "doorkeeper",
    "make_app",
    "serve_app",
    "write_site",
]
