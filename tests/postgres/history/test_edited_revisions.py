"""Revisions that are locked are not edited: what counts as an edit, and what does not."""

from dataclasses import replace
from pathlib import Path

import pytest

from pgassay.core.errors import ConfigError
from pgassay.core.finding import Severity
from pgassay.sqla.revision_lock import RevisionLock, code_digest
from tests.postgres.history.conftest import Project


@pytest.fixture
def locked(project: Project) -> Project:
    project.sql("0001", "CREATE TABLE t (a int)", "DROP TABLE t")
    project.sql("0002", "CREATE TABLE u (a int)", "DROP TABLE u")
    project.lock = project.root / "revisions.lock"
    relock(project)
    return project


def relock(project: Project) -> None:
    assert project.lock is not None
    project.lock.write_text(RevisionLock.of(project.route, project.revisions).text())


def told(project: Project) -> list[tuple[str, str, Severity]]:
    found = project.findings("history_edited")
    return [(str(f.subject), f.title, f.severity) for f in found]


def test_an_edit_and_a_loss_are_findings_and_a_new_one_is_told(locked: Project):
    assert told(locked) == []
    locked.sql("0003", "CREATE TABLE v (a int)")
    assert told(locked) == [("tiny", "revisions are not locked yet", Severity.INFO)]
    path = locked.versions / "0002.py"
    path.write_text(path.read_text().replace("u (a int)", "u (a bigint)"))
    assert told(locked)[0] == ("0002", "a locked revision was edited", Severity.ERROR)
    relock(locked)
    assert told(locked) == []
    (locked.versions / "0003.py").unlink()
    locked.revisions.pop()
    assert told(locked) == [("0003", "a locked revision is gone", Severity.ERROR)]


def test_a_revision_put_beneath_a_locked_one_is_a_finding(locked: Project):
    between = locked.revision("between", "pass", parent="0001")
    assert between.exists()
    path = locked.versions / "0002.py"
    path.write_text(path.read_text().replace("down_revision = '0001'", "down_revision = 'between'"))
    first, second, new = locked.revisions
    locked.revisions[:] = [first, new, replace(second, parents=("between",))]
    assert [(subject, title) for subject, title, _ in told(locked)] == [
        ("0002", "a locked revision was edited"),
        ("between", "a revision was put beneath locked ones"),
    ]


def test_words_about_a_revision_may_change(locked: Project):
    path = locked.versions / "0002.py"
    text = path.read_text().replace("Revision 0002.", "Tell more\n\nabout it.")
    path.write_text(text.replace("def upgrade():\n", "# why\n\ndef upgrade():  # now\n"))
    assert told(locked) == []


def test_a_module_that_revisions_share_is_watched_and_told_as_a_warning(locked: Project):
    shared = locked.root / "migrations" / "parts.py"
    shared.write_text("def table(name):\n    return f'CREATE TABLE {name} ()'\n")
    (locked.root / "migrations" / "__init__.py").touch()
    locked.revision("0003", "from migrations import parts\nop.execute(parts.table('v'))")
    relock(locked)
    assert told(locked) == []
    shared.write_text("def table(name):\n    return f'CREATE UNLOGGED TABLE {name} ()'\n")
    assert told(locked) == [
        ("parts.py", "a module that locked revisions import was edited", Severity.WARNING)
    ]


def test_a_lock_that_is_not_there_is_a_finding_and_a_damaged_one_is_refused(
    locked: Project, tmp_path: Path
):
    assert locked.lock is not None
    locked.lock.write_text("0001\n")
    with pytest.raises(ConfigError) as refused:
        locked.findings("history_edited")
    assert refused.value.where == f"{locked.lock}:1"
    locked.lock.unlink()
    assert told(locked) == [("tiny", "the revisions are not locked", Severity.ERROR)]


def test_what_cannot_be_read_as_python_counts_byte_for_byte():
    assert code_digest(b"SELECT 1; -- one") != code_digest(b"SELECT 1; -- two")
    assert code_digest(b"x = 1  # one") == code_digest(b"x = 1  # two\n")
    assert code_digest(b"x = '# one'") != code_digest(b"x = '# two'")
