"""The prompt's templates: Jinja2 in a sandbox, where an unknown placeholder is an error when the file is loaded.

Statements and titles are values handed to a template; they are never compiled as one.
"""

import re
from functools import lru_cache

from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError, meta, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from scorer.domain.rubric import Category
from scorer.rubrics.document import Document, Section, nearest

SHARED_PLACEHOLDERS = ("categories", "examples", "values", "cannot_judge")
CONTEXT = ("description", "activities")
"""What a prompt may show beside title and task, where the front matter says so: a rubric's `context`."""

TASK_PLACEHOLDERS = ("occupation", *CONTEXT, "task")
PLACEHOLDERS = {
    "user": TASK_PLACEHOLDERS,
    "probe system": ("question",),
    "probe user": ("occupation", "task"),
    "rationale": ("category",),
}
_ENDS_WITH_TASK = re.compile(r"\{\{-?\s*task\s*-?\}\}\Z")

_ENVIRONMENT = ImmutableSandboxedEnvironment(
    undefined=StrictUndefined,
    autoescape=False,  # a prompt is plain text: nothing reads it as HTML
    trim_blocks=True,
    lstrip_blocks=True,
)


@lru_cache(maxsize=256)
def compiled(text: str) -> Template:
    """The template of a section, compiled once."""
    return _ENVIRONMENT.from_string(text)


def check_templates(document: Document, context: list[str]) -> None:
    """Refuse templates that would fail, or show a task twice, not at all, or not at the end.

    Raises:
        RubricError: syntax, unknown placeholders and misplaced tasks, with file and line.
    """
    for name, section in document.sections.items():
        _check_placeholders(document, name, section, PLACEHOLDERS.get(name, SHARED_PLACEHOLDERS))
        if name in {"user", "probe user"} and (
            not _ENDS_WITH_TASK.search(section.text) or len(_uses(section.text, "task")) != 1
        ):
            end = section.line + section.text.count("\n")
            raise document.error(
                end, f"`# {name}` must show the task once, as its end: finish it with `{{{{ task }}}}`"
            )
    user = document.sections["user"]
    for name in CONTEXT:
        if bool(_uses(user.text, name)) != (name in context):
            wanted = f"`# user` shows {{{{ {name} }}}} if, and only if, `context` names `{name}`"
            raise document.error(user.line, wanted)


def check_rendering(document: Document, categories: tuple[Category, ...]) -> None:
    """Refuse templates that ask something of a category which it does not have.

    Raises:
        RubricError: with file and the line of the section.
    """
    sample: dict[str, object] = {
        "categories": categories,
        "examples": categories,
        "values": tuple(c.value for c in categories),
    }
    sample |= dict.fromkeys(("cannot_judge", "question", *TASK_PLACEHOLDERS), "")
    sample["category"] = categories[0]
    for name, section in document.sections.items():
        try:
            compiled(section.text).render(sample)
        except (TemplateError, ArithmeticError, LookupError, TypeError, ValueError) as error:
            raise document.error(section.line, f"`# {name}` cannot be rendered: {error}") from error


def _check_placeholders(document: Document, name: str, section: Section, known: tuple[str, ...]) -> None:
    try:
        compiled(section.text)
    except TemplateSyntaxError as error:
        raise document.error(section.line + error.lineno - 1, f"`# {name}`: {error.message}") from error
    for unknown in sorted(meta.find_undeclared_variables(_ENVIRONMENT.parse(section.text)) - set(known)):
        line = section.line + _uses(section.text, unknown)[0] - 1
        hint = nearest(unknown, known) or f"; here stand {', '.join(known)}"
        raise document.error(line, f"`# {name}`: unknown placeholder `{unknown}`{hint}")


def _uses(text: str, name: str) -> list[int]:
    """The lines (from 1) of a template on which a name is read."""
    return [
        node.lineno
        for node in _ENVIRONMENT.parse(text).find_all(nodes.Name)
        if node.name == name and node.ctx == "load"
    ]
