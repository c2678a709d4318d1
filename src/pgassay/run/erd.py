"""ERD documents: the diagrams that a project keeps draw the schema that its models promise.

Where a system names Markdown or Mermaid files under `erd`, every `erDiagram` in them is read and
held against the contract: tables, columns and relations missing on either side, types, nulls, key
marks, cardinalities. It makes no difference who wrote them: prisma-markdown, prisma-erd-generator,
tbls, paracelsus, a person, or `pgassay erd`.

What a diagram cannot say is not judged: defaults, CHECKs, indexes, referential actions. Nor is
what this one never says: a drawing that marks nothing as nullable is not asked for it; one that
does is held to it everywhere. What is left out for that reason is told as information. Types in
diagrams are loose: `string` is any text, `int` any integer, `datetime` any timestamp, until the
drawing itself tells `int` from `bigint`; enum types are asked by name. Names may follow a style of
the drawing (`LINE-ITEM` for `line_item`). A line of many to many stands for a table of two foreign
keys that is not drawn. Partitions and migration tools' own tables need not be drawn.

Pictures (SVG, PNG) that a system names under `pictures` bear the digest of what they draw. One that
was drawn from another schema is a finding, and so is one that is missing, or that shows a part that
is no more; no program need be there to tell.

To mend it, write the line that the finding shows into the document, or `pgassay erd`, which writes
the whole of it; where the document is right, change the models.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from pgassay.core.case import Subject, Trial
from pgassay.core.errors import PgassayError
from pgassay.core.finding import Finding
from pgassay.erd.compare import compare_drawing
from pgassay.erd.diagram import Drawing
from pgassay.erd.document import read_drawing
from pgassay.erd.writing import write_document
from pgassay.run.drift import BUILDERS
from pgassay.run.parts import parts_of
from pgassay.run.pictures import picture_trials
from pgassay.run.places import shown
from pgassay.run.routes import CONTRACT
from pgassay.run.trial import Runnable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.run.stand import Stand


def erd_trials(stand: Stand) -> Iterator[Runnable]:
    """Yield the trials of a system's ERD documents and pictures, if it has some."""
    if stand.request.system.erd:
        yield _document_trial(stand)
    yield from picture_trials(stand)


def _document_trial(stand: Stand) -> Runnable:
    promised_by = "models" if CONTRACT in stand.catalogs else BUILDERS[stand.proven]
    title = f"the diagrams draw what the {promised_by} promise"
    return Runnable(
        trial=Trial(kind="erd", subject=Subject(object=stand.name), title=title),
        perform=partial(_compare, stand, promised_by),
    )


def erd_document(stand: Stand, part: str | None = None) -> str:
    """Return the document that draws the contract, all of it or one part by title or name.

    Raises ConfigError if no part is called so.
    """
    return write_document(
        stand.name, stand.contract, parts_of(stand), bookkeeping=stand.bookkeeping, only=part
    )


def _compare(stand: Stand, promised_by: str) -> Iterator[Finding]:
    drawings: list[Drawing] = []
    unread: list[Finding] = []
    for path in stand.request.system.erd:
        name = shown(path, stand.request.config.root)
        try:
            drawings.append(read_drawing([(name, path.read_text(encoding="utf-8"))]))
        except FileNotFoundError:
            unread.append(_missing(stand, name))
        except (UnicodeDecodeError, OSError) as refused:
            unread.append(_unreadable(stand, name, PgassayError(str(refused), where=name)))
        except PgassayError as error:
            unread.append(_unreadable(stand, name, error))
    yield from unread
    if not unread:
        drawing = Drawing(
            files=tuple(file for one in drawings for file in one.files),
            diagrams=tuple(diagram for one in drawings for diagram in one.diagrams),
        )
        yield from compare_drawing(
            drawing, stand.contract, promised_by=promised_by, bookkeeping=stand.bookkeeping
        )


def _missing(stand: Stand, name: str) -> Finding:
    return Finding(
        slug="erd",
        subject=Subject(object=stand.name),
        title="the ERD document is not there",
        found=f"there is no {name}",
        expected="a document with the diagrams of the schema",
        why="a promised picture of the schema is missing",
        fix=f"pgassay erd --system {stand.name}",
        discriminator=f"no document: {name}",
    )


def _unreadable(stand: Stand, name: str, error: PgassayError) -> Finding:
    return Finding(
        slug="erd",
        subject=Subject(object=stand.name),
        title=f"{error.where or name}: {error.found}",
        found=error.found,
        expected=error.expected or "a document that can be read",
        why=error.why or "what cannot be read is not compared",
        fix=error.fix or "",
        source=error.where,
        discriminator=f"unreadable: {name}",
    )
