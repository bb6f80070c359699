"""No page names what is not there: commands, options, files, headings."""

import re
import shlex

import pytest
from docs_pages import SPAN, anchors, code_spans, command_lines, generator, links, page_path, pages, prose, text_of
from shared_data import REPOSITORY

from scorer.catalogue import attribution

TREE = generator().commands()
OPTIONS = {option for command in TREE.values() for one in command.params for option in one.opts} | {"--help"}


def unknown_words(line):
    """The words of a command line that the command tree does not have."""
    name, wrong, words = "scorer", [], shlex.split(line, comments=True)[1:]
    while words:
        word = words.pop(0)
        command = TREE[name]
        options = {option: one for one in command.params for option in one.opts}
        if word in {"|", ">", "&&", "||", ";"}:
            break
        if word.startswith("-"):
            option = options.get(word.partition("=")[0])
            if option is None and word != "--help":
                wrong.append(word)
            elif option is not None and not option.is_flag and "=" not in word:
                words[:1] = []
        elif hasattr(command, "commands"):
            if word not in command.commands:
                return [*wrong, word]
            name = f"{name} {word}"
    return wrong


@pytest.mark.parametrize("page", pages())
def test_every_command_that_a_page_names_exists(page):
    """Words and options of each `scorer ...` on the page are in the command tree."""
    wrong = {line: words for line in command_lines(page) if (words := unknown_words(line))}
    assert wrong == {}


@pytest.mark.parametrize("page", pages())
def test_every_option_that_a_page_names_exists(page):
    """An option that stands alone between backquotes is one of some command."""
    named = {word for span in code_spans(page) if span.startswith("--") for word in span.split() if word[:2] == "--"}
    assert named - OPTIONS == set()


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("scorer rate --all", []),
        ("scorer --workspace study onet import PATH --release 30.1", []),
        ("scorer rates --all", ["rates"]),
        ("scorer onet forage", ["forage"]),
        ("scorer rate --budget-eur 5", ["--budget-eur"]),
        ("scorer labels list | head", []),
    ],
)
def test_the_check_of_commands_finds_them(line, wrong):
    """What the tree has passes; a word or option that it lacks is named."""
    assert unknown_words(line) == wrong


@pytest.mark.parametrize("page", pages())
def test_every_relative_link_leads_somewhere(page):
    """Each link and picture is a file of the project, and what stands after # is a heading of it."""
    broken = []
    for link in links(page):
        target, anchor = page_path(page, link).resolve(), link.partition("#")[2]
        found = target.exists() and target.is_relative_to(REPOSITORY)
        if not found or (anchor and anchor not in anchors(target.relative_to(REPOSITORY).as_posix())):
            broken.append(link)
    assert broken == []


@pytest.mark.parametrize("page", pages())
def test_pages_stay_readable_as_text(page):
    """No page names a machine path, and every fence that opens closes."""
    assert prose(page).count("```") == 0
    assert not any(path in prose(page) for path in ("/home/", "/root/", "/Users/", "/work/"))


@pytest.mark.parametrize("page", pages())
def test_the_star_in_the_name_starts_no_italics(page):
    """Where a paragraph names O*NET twice, its stars are escaped: two bare ones would make italics."""
    paragraphs = re.split(r"\n\s*\n|\|", SPAN.sub("", prose(page)))
    assert [part.strip()[:60] for part in paragraphs if len(re.findall(r"(?<!\\)O\*NET", part)) > 1] == []


def test_the_readme_has_the_credit_line_that_the_licence_asks_for():
    """Sentence by sentence as for every release, with the project as its subject."""
    credit = attribution("26.1", modified=True, subject="project", publisher="This project").rpartition(" (")[0]
    plain = " ".join(re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", text_of("README.md")).replace("\\*", "*").split())
    assert credit in plain
