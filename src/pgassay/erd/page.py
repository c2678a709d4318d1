"""A Markdown document of pgassay's own as one self-contained HTML page."""

from __future__ import annotations

import hashlib
import html
import re
from itertools import pairwise
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

from pgassay.erd.markdown import Slugs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.token import Token

_COMMENT = re.compile(r"<!--.*?-->\n*", re.DOTALL)
_STAMP = re.compile(r'<meta name="pgassay-dictionary" content="([0-9a-f]{64})">')

_STYLE = """\
:root { color-scheme: light dark; --ink: #1f2937; --quiet: #4b5563; --paper: #fff; --rule: #d1d5db;
  --shade: #f3f4f6; --link: #1d4ed8; }
@media (prefers-color-scheme: dark) { :root { --ink: #e5e7eb; --quiet: #9ca3af; --paper: #111827;
  --rule: #374151; --shade: #1f2937; --link: #93c5fd; } }
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper);
  max-width: 72rem; margin: 0 auto; padding: 1rem; overflow-wrap: anywhere; }
h2 { margin-top: 3rem; border-bottom: 2px solid var(--rule); }
h3 { margin-top: 2.5rem; }
a { color: var(--link); }
code { font-size: 0.9em; background: var(--shade); padding: 0.1em 0.3em; border-radius: 3px; }
pre { background: var(--shade); padding: 0.75rem; overflow-x: auto; }
pre code { padding: 0; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: 0.9rem; overflow-wrap: normal; }
th, td { border: 1px solid var(--rule); padding: 0.3rem 0.5rem; text-align: left;
  vertical-align: top; }
th { background: var(--shade); }
td { min-width: 2rem; }
@media print { body { max-width: none; font-size: 10pt; } a { color: inherit; } .scroll {
  overflow: visible; } tr { break-inside: avoid; } }
"""


def page(markdown: str) -> str:
    """Return a document as a page: what is no Markdown of pgassay's own is shown as text.

    It holds the digest of the document, by which `is_page_of` knows it again.
    """
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = reader.parse(_COMMENT.sub("", markdown, count=1))
    title = _name_headings(tokens)
    body = reader.renderer.render(tokens, reader.options, {})
    body = body.replace("<table>", '<div class="scroll" tabindex="0"><table>')
    body = body.replace("</table>", "</table></div>")
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta name="pgassay-dictionary" content="{_digest(markdown)}">\n'
        f"<title>{html.escape(title)}</title>\n<style>\n{_STYLE}</style>\n</head>\n"
        f"<body>\n<main>\n{body}</main>\n</body>\n</html>\n"
    )


def is_page(text: str) -> bool:
    """Whether pgassay wrote a page."""
    return _STAMP.search(text) is not None


def is_page_of(text: str, markdown: str) -> bool:
    """Whether a page was made from this document."""
    stamp = _STAMP.search(text)
    return stamp is not None and stamp[1] == _digest(markdown)


def _digest(markdown: str) -> str:
    return hashlib.sha256(markdown.encode()).hexdigest()


def _name_headings(tokens: Sequence[Token]) -> str:
    """Give every heading the name that links have for it; return the first heading."""
    slugs, first = Slugs(), ""
    for heading, inline in pairwise(tokens):
        if heading.type == "heading_open":
            text = "".join(child.content for child in inline.children or ())
            heading.attrSet("id", slugs.take(text))
            first = first or text
    return first
