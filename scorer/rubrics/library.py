"""Rubrics by name: the packaged ones, checked against the lock, and a user's own by path."""

from hashlib import sha256
from importlib.resources.abc import Traversable
from pathlib import Path

from scorer.domain.rubric import CANNOT_JUDGE, PROFILE, Rubric
from scorer.errors import RubricError
from scorer.rubrics.document import Document, nearest
from scorer.rubrics.front_matter import read_front_matter
from scorer.rubrics.lock import check_version, locked, packaged, versions
from scorer.rubrics.schema import answer_schema
from scorer.rubrics.templates import check_rendering, check_templates
from scorer.rubrics.token_answers import token_cannot_judge


def available(root: Traversable | None = None) -> list[Rubric]:
    """The packaged rubrics of tasks, all versions, by name and version.

    Raises:
        RubricError: one of them is malformed or not as locked.
    """
    root = root or packaged()
    return [_packaged(root, name, version) for name, version in versions(root) if name != PROFILE]


def profile_prompt(root: Traversable | None = None, version: int | None = None) -> Rubric:
    """A version of the prompt for profiles; the newest where None.

    Raises:
        RubricError: it is malformed or not as locked.
    """
    root = root or packaged()
    newest = max(number for name, number in versions(root) if name == PROFILE)
    return _packaged(root, PROFILE, version or newest)


def load_rubric(reference: str, root: Traversable | None = None) -> Rubric:
    """One rubric.

    Args:
        reference: `coverage` (its newest version), `coverage@1` (exactly this one), or the path of a `.md` file.
        root: the folder of prompts; the packaged one where None.

    Raises:
        RubricError: unknown (the message lists what there is), malformed (file and line), or not as locked.
    """
    root = root or packaged()
    if reference.endswith(".md"):
        return _own(Path(reference), root)
    known = {one: file for one, file in versions(root).items() if one[0] != PROFILE}
    name, _, version = reference.partition("@")
    numbers = [number for known_name, number in known if known_name == name]
    if not numbers:
        names = sorted({known_name for known_name, _ in known})
        if "/" in reference or Path(reference).is_file():
            raise RubricError(f"`{reference}` is no rubric file: its name must end in .md; {_listed(known)}")
        raise RubricError(f"unknown rubric `{reference}`{nearest(name, names)}; {_listed(known)}")
    if "@" not in reference:
        return _packaged(root, name, max(numbers))
    if version not in map(str, numbers):
        raise RubricError(f"rubric `{name}` has no version `{version}`; {_listed(known)}")
    return _packaged(root, name, int(version))


def read_rubric(path: Path) -> Rubric:
    """A rubric file from anywhere; it is not checked against the lock.

    Raises:
        RubricError: no such file, or malformed, with file and line.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise RubricError(f"rubric file {path} cannot be read: {error.strerror or error}") from error
    return parse_rubric(content, str(path))


def parse_rubric(content: bytes, name: str) -> Rubric:
    """The rubric that the bytes of a file hold.

    Args:
        content: the file as it is; its sha256 is the rubric's identity.
        name: how messages call the file.

    Raises:
        RubricError: with file and line of the first thing that is wrong.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise RubricError(f"{name} line {line}: not UTF-8; save the file in that encoding") from error
    document = Document(name, text.replace("\r\n", "\n"))
    front = read_front_matter(document)
    check_templates(document, front.context)
    check_rendering(document, front.scale)
    told = front.model_dump(exclude={"categories", "measures", "primary"})
    rubric = Rubric(
        **{key: tuple(value) if isinstance(value, list) else value for key, value in told.items()},
        categories=front.scale,
        measures=front.all_measures,
        primary=front.primary_measure,
        sha256=sha256(content).hexdigest(),
        **{name.replace(" ", "_"): section.text for name, section in document.sections.items()},
    )
    _check_answers(document, rubric)
    return rubric


def _check_answers(document: Document, rubric: Rubric) -> None:
    """Refuse an answer section that does not name a key it needs, and a scale that hides `cannot_judge`."""
    section = document.sections["answer json"]
    for key in answer_schema(rubric)["required"]:
        if key not in section.text:
            raise document.error(section.line, f"`# answer json` does not say what the key `{key}` holds")
    for name in ("answer json", "answer token"):
        if rubric.cannot_judge and CANNOT_JUDGE not in document.sections[name].text:
            where = document.sections[name].line
            raise document.error(where, f"`# {name}` does not offer {{{{ cannot_judge }}}}, which is a legal answer")
    spelled = token_cannot_judge(rubric)
    for index, value in enumerate(rubric.values):
        if rubric.cannot_judge and value.casefold().startswith(spelled.casefold()):
            where = document.line_of(["categories", index, "value"])
            raise document.error(
                where, f"category `{value}` begins with `{spelled}`, which says {CANNOT_JUDGE} in token mode"
            )


def _own(path: Path, root: Traversable) -> Rubric:
    """A rubric file of the user's; it cannot pass for one of the project's."""
    rubric = read_rubric(path)
    if rubric.is_profile:
        raise RubricError(
            f"{path}: `{PROFILE}` is asked of occupations (`scorer profiles make`): give it another `name`"
        )
    shipped = versions(root).get((rubric.name, rubric.version))
    if shipped and sha256(shipped.read_bytes()).hexdigest() != rubric.sha256:
        raise RubricError(
            f"{path} calls itself {rubric.id}, which is another text of the project's: give it a `name` of its own"
        )
    return rubric


def _packaged(root: Traversable, name: str, version: int) -> Rubric:
    content = versions(root)[name, version].read_bytes()
    check_version(name, version, content, locked(root))
    rubric = parse_rubric(content, f"prompts/{name}/v{version}.md")
    if (rubric.name, rubric.version) != (name, version):
        raise RubricError(
            f"prompts/{name}/v{version}.md calls itself {rubric.id}: folder, file and front matter must agree"
        )
    return rubric


def _listed(known: dict[tuple[str, int], Traversable]) -> str:
    return "available: " + ", ".join(f"{name}@{version}" for name, version in known)
