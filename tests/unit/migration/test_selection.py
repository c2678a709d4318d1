"""Which revisions are meant."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from pgassay.core.errors import ConfigError, SchemaError
from pgassay.core.route import Revision
from pgassay.run.migration.branch import added_files
from pgassay.run.migration.selection import each, select

NOWHERE = Path("/nowhere")


def revision(name: str, *parents: str) -> Revision:
    return Revision(id=name, parents=parents, message="", path=f"versions/{name}.py")


HISTORY = [revision("a1"), revision("b2", "a1"), revision("b3", "b2"), revision("c4", "b3")]
FORK = [revision("a"), revision("b", "a"), revision("c", "a"), revision("d", "b", "c")]


def ids(history: list[Revision], wanted: str | None) -> tuple[list[str], tuple[str, ...]]:
    found = select(history, wanted, base=None, root=NOWHERE)
    return [one.id for one in found.revisions], found.before


def test_one_revision_stands_on_its_parent() -> None:
    assert ids(HISTORY, "b3") == (["b3"], ("b2",))


def test_the_first_revision_stands_on_nothing() -> None:
    assert ids(HISTORY, "a1") == (["a1"], ())


def test_a_beginning_that_only_one_revision_has_will_do() -> None:
    assert ids(HISTORY, "c") == (["c4"], ("b3",))


def test_a_range_leaves_its_beginning_out() -> None:
    assert ids(HISTORY, "a1:b3") == (["b2", "b3"], ("a1",))
    assert ids(HISTORY, "base:b2") == (["a1", "b2"], ())
    assert ids(HISTORY, "b2:") == (["b3", "c4"], ("b2",))


def test_a_merge_stands_on_all_its_parents() -> None:
    assert ids(FORK, "d") == (["d"], ("b", "c"))


def test_a_range_over_a_fork_has_both_branches() -> None:
    assert ids(FORK, "a:d") == (["b", "c", "d"], ("a",))


def test_without_a_branch_the_head_is_meant() -> None:
    assert ids(HISTORY, None) == (["c4"], ("b3",))


def test_each_revision_by_itself() -> None:
    assert [one.before for one in each(FORK)] == [(), ("a",), ("a",), ("b", "c")]


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        ("zz", 'there is no revision "zz"'),
        ("b", '"b" is the beginning of 2 revisions'),
        ("b3:b2", "no revision lies between b3 and b2"),
        ("b3:b3", "no revision lies between b3 and b3"),
        ("b2:zz", 'there is no revision "zz"'),
    ],
)
def test_what_is_not_there_is_told(wanted: str, told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        ids(HISTORY, wanted)


def test_several_heads_are_told() -> None:
    with pytest.raises(SchemaError, match="several heads"):
        ids(FORK[:3], None)


def test_no_revision_at_all_is_told() -> None:
    with pytest.raises(SchemaError, match="no revision"):
        ids([], None)


def test_a_revision_and_a_branch_are_too_much() -> None:
    with pytest.raises(ConfigError, match="both"):
        select(HISTORY, "b2", base="main", root=NOWHERE)


def git(folder: Path, *arguments: str) -> None:
    name = ("-c", "user.name=n", "-c", "user.email=n@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", "-C", str(folder), *name, *arguments], check=True, capture_output=True)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Return a working tree whose branch adds b2 in a commit and b3 in no commit."""
    versions = tmp_path / "versions"
    versions.mkdir()
    git(tmp_path, "init", "--initial-branch", "main")
    (versions / "a1.py").touch()
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-m", "first")
    git(tmp_path, "checkout", "-b", "new")
    (versions / "b2.py").touch()
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-m", "second")
    (versions / "b3.py").touch()
    return tmp_path


def test_a_branch_adds_what_is_committed_and_what_is_not(tree: Path) -> None:
    found = select(HISTORY, None, base=None, root=tree)

    assert [one.id for one in found.revisions] == ["b2", "b3"]
    assert found.before == ("a1",)


def test_the_branch_can_be_named(tree: Path) -> None:
    git(tree, "branch", "release", "HEAD")

    found = select(HISTORY, None, base="release", root=tree)

    assert [one.id for one in found.revisions] == ["b3"]


def test_a_branch_that_is_not_there_is_told_with_those_that_are(tree: Path) -> None:
    with pytest.raises(ConfigError, match="nowhere") as told:
        select(HISTORY, None, base="nowhere", root=tree)

    assert told.value.expected == "main, new"


def test_what_adds_no_revision_means_the_head(tree: Path) -> None:
    git(tree, "stash", "--include-untracked")
    git(tree, "checkout", "main")

    assert [one.id for one in select(HISTORY, None, base=None, root=tree).revisions] == ["c4"]


def test_a_folder_that_git_does_not_know_adds_nothing(tmp_path: Path) -> None:
    assert added_files(tmp_path, None) is None
