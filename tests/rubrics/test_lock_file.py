"""A used rubric version never changes."""

import shutil

import pytest

from scorer.errors import RubricError
from scorer.rubrics import available, check_lock, load_rubric, locked, profile_prompt, write_lock


@pytest.fixture
def prompts(tmp_path, small):
    """A folder of prompts with one locked version."""
    folder = tmp_path / "prompts"
    (folder / "ease").mkdir(parents=True)
    (folder / "ease" / "v3.md").write_text(small, encoding="utf-8")
    write_lock(folder)
    return folder


def test_the_shipped_rubrics_are_as_they_were_locked():
    """Every version in the package has its hash in the lock, and no hash has lost its file."""
    check_lock()
    assert locked() == {
        rubric.id: rubric.sha256 for rubric in [*available(), *map(profile_prompt, [None, None], [1, 2])]
    }


def test_a_changed_version_is_refused(prompts):
    """One changed byte in a locked file stops its loading and the lock check, with advice to make a new version."""
    path = prompts / "ease" / "v3.md"
    path.write_text(path.read_text(encoding="utf-8") + " ", encoding="utf-8")
    for use in (check_lock, write_lock, available, lambda root: load_rubric("ease", root)):
        with pytest.raises(RubricError, match=r"prompts/ease/v3\.md was changed .*prompts/ease/v4\.md"):
            use(prompts)


def test_a_new_version_is_added_and_the_old_line_stays(prompts, small):
    """Locking again adds what is new and leaves what stands byte for byte."""
    before = (prompts / "prompts.lock").read_text(encoding="utf-8")
    (prompts / "ease" / "v4.md").write_text(small.replace("version = 3", "version = 4"), encoding="utf-8")
    with pytest.raises(RubricError, match=r"not in prompts/prompts\.lock"):
        load_rubric("ease", prompts)
    assert write_lock(prompts) == ("ease@4",)
    assert before.splitlines()[-1] in (prompts / "prompts.lock").read_text(encoding="utf-8").splitlines()
    assert load_rubric("ease", prompts).version == 4
    assert load_rubric("ease@3", prompts).version == 3
    assert write_lock(prompts) == ()


def test_a_locked_version_that_is_gone_is_missed(prompts):
    """Ratings refer to a locked file, so its absence is an error."""
    shutil.rmtree(prompts / "ease")
    with pytest.raises(RubricError, match=r"ease@3 .* its file is gone"):
        check_lock(prompts)


@pytest.mark.parametrize("text", ["not a lock", '["ease@3"]\nsha256 = "x"', "\x00"])
def test_a_damaged_lock_says_so(prompts, text):
    """A lock that cannot be read is never taken for an empty one."""
    (prompts / "prompts.lock").write_text(text, encoding="utf-8")
    with pytest.raises(RubricError, match=r"prompts\.lock is damaged"):
        check_lock(prompts)


def test_folder_file_and_front_matter_agree(prompts, small):
    """A version that calls itself something else than its path is refused."""
    (prompts / "ease" / "v5.md").write_text(small, encoding="utf-8")
    write_lock(prompts)
    with pytest.raises(RubricError, match=r"prompts/ease/v5\.md calls itself ease@3"):
        load_rubric("ease@5", prompts)


@pytest.mark.parametrize(
    ("reference", "words"),
    [
        ("covrage", "did you mean `coverage`?; available: agency@1, "),
        ("nothing-like-it", "available: agency@1, augmentation@1"),
        ("coverage@99", "has no version `99`; available: agency@1"),
        ("coverage@", "has no version ``"),
        ("coverage@one", "has no version `one`"),
        ("", "unknown rubric ``"),
    ],
)
def test_an_unknown_reference_lists_what_there_is(reference, words):
    """A name or version that is not there is answered with those that are."""
    with pytest.raises(RubricError) as caught:
        load_rubric(reference)
    assert words in str(caught.value)
