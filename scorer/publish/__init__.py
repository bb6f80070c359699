"""Publishing: decides what goes into a release, says what it was made from, and checks a release that it is given.

It refuses to mix: scores that are older than the verdicts they rest on are not published.
"""

from scorer.publish.checks import Severity
from scorer.publish.exports import citation, export_release
from scorer.publish.page import release_page
from scorer.publish.place import default_out
from scorer.publish.release import PublishedRelease, PublishOptions, publish
from scorer.publish.verify import Finding, verify_release

__all__ = [
    "Finding",
    "PublishOptions",
    "PublishedRelease",
    "Severity",
    "citation",
    "default_out",
    "export_release",
    "publish",
    "release_page",
    "verify_release",
]
