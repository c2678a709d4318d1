"""Revisions that have been applied are not edited: their digests are kept in a committed file.

A database that ran the old text of a revision never runs the new one. From then on databases
differ by their age, and no test sees it, since a test builds a new one. Comments, docstrings and
blank lines may change; the digest leaves them out.

`pgassay lock --revisions --accept` writes the file, `revisions = "…/revisions.lock"` names it;
lock a revision when it is merged. A locked revision that was edited or is gone is a finding; so is
one that is not locked though a locked one stands on it. A module of the migrations' own folder
that revisions import is kept as well, and told as a warning where it changes: what they do may
have changed with it.

Take the edit back, and write what it was to change as a new revision. Where no database has run
it yet, accept it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.case import Subject
from pgassay.core.finding import Finding, Severity
from pgassay.sqla.alembic_route import AlembicRoute
from pgassay.sqla.revision_lock import RevisionLock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pgassay.run.history.course import Course

KIND = "history_edited"
TITLE = "no locked revision is edited"


def judge(course: Course, path: Path) -> Iterator[Finding]:
    """Yield what differs between the revisions and the file that they are locked in."""
    accept = f"pgassay lock --system {course.system} --revisions --accept"
    if not path.exists():
        yield Finding(
            slug=KIND,
            subject=Subject(object=course.system),
            title="the revisions are not locked",
            found=f"there is no {path.name}",
            expected="the digest of every revision that has been applied",
            why="an edit of an applied revision goes unnoticed: a test builds a new database",
            fix=accept,
            discriminator="no lock",
        )
        return
    locked = RevisionLock.read(path)
    assert isinstance(course.route, AlembicRoute)  # a file is in no lock
    now = RevisionLock.of(course.route, course.every)
    for id_, entry in locked.revisions.items():
        if id_ not in now.revisions:
            yield _finding(
                id_,
                "a locked revision is gone",
                f"{entry.file} is not there",
                accept=accept,
                source=str(path),
            )
        elif now.revisions[id_].digest != entry.digest:
            file = now.revisions[id_].file
            yield _finding(
                id_, "a locked revision was edited", f"{file} differs", accept=accept, source=file
            )
    yield from _unlocked(course, locked, accept)
    for file, digest in locked.shared.items():
        if now.shared.get(file) != digest:
            users = ", ".join(now.users.get(file, ())) or "none any more"
            yield Finding(
                slug=KIND,
                subject=Subject(object=file),
                title="a module that locked revisions import was edited",
                found=f"{file} differs; revisions that import it: {users}",
                expected="that what they do is still the same",
                why="a new database may be built otherwise than those that ran them before",
                fix=f"see that it is, then accept it:\n{accept}",
                severity=Severity.WARNING,
                source=file,
            )


def _unlocked(course: Course, locked: RevisionLock, accept: str) -> Iterator[Finding]:
    below: set[str] = set()
    for one in reversed(course.every):
        if one.id in locked.revisions or one.id in below:
            below.update(one.parents)
    for one in course.every:
        if one.id in below and one.id not in locked.revisions:
            yield _finding(
                one.id,
                "a revision was put beneath locked ones",
                f"{one} is not locked, and revisions that stand on it are",
                accept=accept,
                source=one.path,
            )
    new = [one.id for one in course.every if one.id not in {*locked.revisions, *below}]
    if new:
        yield Finding(
            slug=KIND,
            subject=Subject(object=course.system),
            title="revisions are not locked yet",
            found=", ".join(new),
            expected="each is locked when it is merged",
            fix=accept,
            severity=Severity.INFO,
            discriminator="new",
        )


def _finding(id_: str, title: str, found: str, *, accept: str, source: str) -> Finding:
    return Finding(
        slug=KIND,
        subject=Subject(object=id_),
        title=title,
        found=found,
        expected="revisions that stay as they were applied",
        why="databases that have run it never run the new text: they differ from new ones for good",
        fix="take it back, and write the change as a new revision; where no database has run it, "
        f"accept it:\n{accept}",
        source=source,
    )
