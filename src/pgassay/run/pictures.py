"""The pictures that a project keeps: which they are, and whether they still show the schema."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from pgassay.core.case import Subject, Trial
from pgassay.core.errors import PgassayError
from pgassay.core.finding import Finding
from pgassay.erd.pictures import Pictures
from pgassay.erd.stamp import Stamp, stamp_of, stamped
from pgassay.run.graphviz import draw
from pgassay.run.parts import parts_of
from pgassay.run.places import shown
from pgassay.run.trial import Runnable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from pgassay.erd.pictures import Picture
    from pgassay.run.stand import Stand

PLACE = "{part}"
"""What stands in the name of a file for the overview and for every part."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPicture:
    """A picture, the file that it is kept in, and what is wrong with the file: empty if nothing."""

    path: Path
    picture: Picture
    stamp: Stamp
    wrong: str

    @property
    def is_foreign(self) -> bool:
        """Whether the file is there and somebody else made it."""
        return self.wrong == _FOREIGN

    def drawn(self) -> bytes:
        """Return what the file should hold; MachineError where no program draws it."""
        form = self.path.suffix[1:]
        return stamped(draw(self.picture, form), self.stamp, form)


_MISSING = "there is no such file"
_FOREIGN = "it was not drawn by pgassay erd"
_OLD = "it shows the schema as it was"
_LEFT = "it shows a part that there is no more"


def pictures_of(stand: Stand) -> Pictures:
    """Return what draws the contract of a system."""
    return Pictures(stand.name, stand.contract, parts_of(stand), stand.bookkeeping)


def kept_pictures(
    stand: Stand, paths: Iterable[Path], part: str | None = None
) -> list[KeptPicture]:
    """Return the pictures that files should hold, and how the files are now.

    Args:
        stand: the system.
        paths: the files; a name with `{part}` is that of several.
        part: what a name without it shows, by title or name, instead of what it says itself.

    Raises:
        ConfigError: no part is called so.
    """
    pictures = pictures_of(stand)
    return [
        _kept(stand, file, picture)
        for path in paths
        for file, picture in _named(pictures, path, part)
    ]


def left_over(stand: Stand, kept: Iterable[KeptPicture], paths: Iterable[Path]) -> list[Path]:
    """Return files of the system's own under the names of `paths` that show no part any more."""
    own = {one.path for one in kept}
    found: set[Path] = set()
    for path in paths:
        if PLACE in path.name and path.parent.is_dir():
            files = set(path.parent.glob(f"*{path.suffix}")) - own
            found |= {file for file in files if _is_part(stand, file, path.name)}
    return sorted(found)


def _is_part(stand: Stand, file: Path, pattern: str) -> bool:
    """Whether a file is a picture that was written for a part of the system under a pattern."""
    stamp = _stamp(file)
    if stamp is None or stamp.system != stand.name or not stamp.part:
        return False
    return file.name == pattern.replace(PLACE, stamp.part)


def picture_trials(stand: Stand) -> Iterator[Runnable]:
    """Yield the trial of a system's pictures, if it keeps some."""
    if stand.request.system.pictures:
        subject = Subject(object=stand.name)
        title = "the pictures show the schema as it is"
        trial = Trial(kind="erd", subject=subject, title=title)
        yield Runnable(trial=trial, perform=partial(_judge, stand))


def _named(pictures: Pictures, path: Path, part: str | None) -> Iterator[tuple[Path, Picture]]:
    if PLACE in path.name:
        for picture in pictures.parts():
            yield path.with_name(path.name.replace(PLACE, picture.slug)), picture
        return
    yield path, pictures.called(path.stem if part is None else part, strict=part is not None)


def _kept(stand: Stand, path: Path, picture: Picture) -> KeptPicture:
    stamp = Stamp.of(stand.name, picture.slug, picture.dot)
    wrong = "" if path.exists() else _MISSING
    if not wrong:
        there = _stamp(path)
        wrong = _FOREIGN if there is None else _OLD if there != stamp else ""
    return KeptPicture(path=path, picture=picture, stamp=stamp, wrong=wrong)


def _stamp(path: Path) -> Stamp | None:
    return stamp_of(path.read_bytes()) if path.is_file() else None


def _judge(stand: Stand) -> Iterator[Finding]:
    paths = stand.request.system.pictures
    try:
        kept = kept_pictures(stand, paths)
        left = left_over(stand, kept, paths)
    except (PgassayError, OSError) as error:
        yield _finding(stand, "pictures", str(error), "pictures that can be compared")
        return
    root = stand.request.config.root
    for one in kept:
        if one.wrong:
            yield _finding(
                stand, shown(one.path, root), one.wrong, f"a picture of {one.picture.title}"
            )
    for path in left:
        yield _finding(stand, shown(path, root), _LEFT, "no such picture")


def _finding(stand: Stand, name: str, found: str, expected: str) -> Finding:
    return Finding(
        slug="erd",
        subject=Subject(object=stand.name),
        title=f"{name}: {found}",
        found=found,
        expected=expected,
        why="who looks at the picture sees tables, columns or references that are not so",
        fix=f"pgassay erd --system {stand.name}",
        source=name,
        discriminator=f"picture: {name}",
    )
