"""The credit line that the O*NET licence prescribes wherever O*NET content is published.

Source: the sentences of https://www.onetcenter.org/license_db.html, with the release number that they ask for.
"""

DATABASE = "https://www.onetcenter.org/database.html"
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
PUBLISHER = "The publisher of these scores"


def attribution(release_name: str, modified: bool, subject: str = "page", publisher: str = PUBLISHER) -> str:
    """The credit line of one O*NET release.

    Args:
        release_name: release number, such as `30.1`.
        modified: whether anything differs from what O*NET printed: figures derived, texts left out, words renamed.
        subject: what carries the line: `page`, `file`, `site`.
        publisher: who modified the information; used only where `modified`.

    Returns:
        The prescribed sentences in one line of plain text, then the addresses that they link to on a web page.
    """
    sentences = [
        (
            f"This {subject} includes information from the O*NET {release_name} Database by the "
            "U.S. Department of Labor, Employment and Training Administration (USDOL/ETA)."
        ),
        "Used under the CC BY 4.0 license.",
        "O*NET® is a trademark of USDOL/ETA.",
    ]
    if modified:
        sentences += [
            f"{publisher} has modified all or some of this information.",
            "USDOL/ETA has not approved, endorsed, or tested these modifications.",
        ]
    return " ".join([*sentences, f"({DATABASE}, {LICENCE})"])
