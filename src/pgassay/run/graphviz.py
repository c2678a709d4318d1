"""Drawing: a program of Graphviz turns DOT text into SVG or PNG.

The program is `graphviz-pure`, which the extra `erd` brings: the same text gives the same bytes on
every machine, and no fonts need to be there. Where it is missing, the `dot` of an installed
Graphviz draws the same picture with the machine's own fonts.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pgassay.core.errors import MachineError
from pgassay.erd.sketch import FONT, in_xml
from pgassay.erd.stamp import SVG

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pgassay.erd.pictures import Picture

_PROGRAMS = ("graphviz-pure", "dot")
_PATIENCE = 600  # seconds; the largest schema drawn so far, 141 tables, takes 8
# Names that mean something to a program alone, which a browser would show under the pointer.
_NAMES = re.compile(r"<title>[^<]*</title>\n?")
_TEXT = re.compile(r'<text [^>]*\bx="(?P<x>[-0-9.]+)" y="(?P<y>[-0-9.]+)"')
_FAMILY = f'font-family="{FONT}"'
# All of them have letters of the same widths.
_FAMILIES = f"font-family=\"{FONT},Helvetica,'Liberation Sans',Arimo,sans-serif\""


def draw(picture: Picture, form: str) -> bytes:
    """Return a picture as a file of that form, svg or png.

    Raises MachineError where no program can draw it.
    """
    program = _program()
    drawn = _run(program, picture, form)
    if form != SVG:
        return drawn
    return _readable(drawn.decode(), _widths(json.loads(_run(program, picture, "json"))), picture)


def _run(program: str, picture: Picture, form: str) -> bytes:
    command = [program, "-Kdot", f"-T{form}"]
    try:
        done = subprocess.run(
            command, input=picture.dot.encode(), capture_output=True, timeout=_PATIENCE, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as failure:
        raise _undrawn(picture, program, str(failure)) from failure
    if done.returncode or not done.stdout:
        raise _undrawn(picture, program, done.stderr.decode(errors="replace").strip())
    return done.stdout


def _program() -> str:
    # beside the interpreter first: a virtual environment need not be on the PATH
    places = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    for name in _PROGRAMS:
        if found := shutil.which(name, path=places):
            return found
    raise MachineError(
        "no program is there that can draw",
        expected=f"{_PROGRAMS[0]}, or the {_PROGRAMS[1]} of Graphviz",
        why="pictures are drawn by Graphviz; Mermaid text and --check need no program",
        fix="pip install 'pgassay[erd]'",
    )


def _widths(drawn: Any) -> dict[tuple[float, float], float]:
    """Return how wide each text was taken to be, by its place (Graphviz, Output Formats: json)."""
    found: dict[tuple[float, float], float] = {}
    rest = [drawn]
    while rest:
        one = rest.pop()
        if isinstance(one, list):
            rest += one
        elif isinstance(one, dict):
            rest += one.values()
            if one.get("op") == "T":
                found[round(one["pt"][0], 1), round(-one["pt"][1], 1)] = one["width"]
    return found


def _readable(svg: str, widths: Mapping[tuple[float, float], float], picture: Picture) -> bytes:
    """Return an SVG file with a title for its reader, whose texts fit in whatever font."""

    def fitted(text: re.Match[str]) -> str:
        width = widths.get((round(float(text["x"]), 1), round(float(text["y"]), 1)))
        if not width:
            return text[0]
        return f'{text[0]} textLength="{width:.2f}" lengthAdjust="spacingAndGlyphs"'

    svg = _TEXT.sub(fitted, _NAMES.sub("", svg).replace(_FAMILY, _FAMILIES))
    title = f"<title>{in_xml(picture.title)}</title>\n"
    return svg.replace('<g id="graph0"', f'{title}<g id="graph0"', 1).encode()


def _undrawn(picture: Picture, program: str, told: str) -> MachineError:
    return MachineError(
        f"the picture was not drawn: {told or 'without a word'}",
        where=picture.title,
        expected=f"{Path(program).name} draws it",
        fix="pip install --upgrade 'pgassay[erd]'",
    )
