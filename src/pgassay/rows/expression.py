"""A reader of deparsed expressions: tokens, then a tree of the shapes that CHECKs are made of.

The input is what `pg_get_constraintdef` and `pg_get_expr` print, which is regular: fully
parenthesised, BETWEEN unfolded, IN turned into `= ANY (ARRAY[…])`. What the reader does not know
raises `ValueError`; whoever asks then falls back on the literals alone. Whether a value satisfies
an expression is never decided here: that is the server's word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<string>[EB]?'(?:[^'\\]|''|\\.)*')
      | (?P<number>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+)
      | (?P<parameter>\$\d+)
      | (?P<quoted>"(?:[^"]|"")*")
      | (?P<word>[^\W\d]\w*\$?\w*)
      | (?P<cast>::)
      | (?P<mark>[()\[\],.])
      | (?P<operator>[-+*/<>=~!@\#%^&|`?:]+)
    )""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Token:
    """One token: its kind (string, number, parameter, quoted, word, cast, mark, operator) and text.

    The text of a string is its value, that of a quoted name the name; a word is in lower case.
    """

    kind: str
    text: str

    def is_word(self, *words: str) -> bool:
        """Whether it is one of these keywords."""
        return self.kind == "word" and self.text in words


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant; None is NULL."""

    value: str | None


@dataclass(frozen=True, slots=True)
class Name:
    """A column (or the VALUE of a domain), with the table or alias in front of it, if one is."""

    name: str
    of: str | None = None


@dataclass(frozen=True, slots=True)
class Parameter:
    """`$1`, as plans for any value have it."""

    name: str


@dataclass(frozen=True, slots=True)
class Call:
    """A function, an operator or a keyword construct, and its operands.

    Operators go by their sign (`=`, `~`, `and`, `not`, `is null`, `is not null`, `any`, `all`,
    `array`, `row`, `[]`); functions by their name without a schema.
    """

    name: str
    operands: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Cast:
    """`operand::type`; kept, for the type tells what a literal is."""

    operand: Expression
    type: str


Expression = Literal | Name | Parameter | Call | Cast


def tokens(text: str) -> list[Token]:
    """Split an expression. Raises ValueError where a character belongs to no token."""
    found, at = [], 0
    text = text.rstrip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if not match or match.lastgroup is None:
            raise ValueError(f"not understood: {text[at : at + 20]!r}")
        found.append(_token(match.lastgroup, match[match.lastgroup]))
        at = match.end()
    return found


def names(text: str) -> frozenset[str]:
    """Return every word that could be a column in an expression that need not be understood."""
    try:
        return frozenset(t.text for t in tokens(text) if t.kind in ("word", "quoted"))
    except ValueError:
        return frozenset(re.findall(r"\w+", text))


def read(text: str) -> Expression:
    """Return the tree of a deparsed expression. Raises ValueError for what is not known."""
    reader = _Reader(tokens(text))
    tree = reader.expression(0)
    reader.finish()
    return tree


def walk(tree: Expression) -> Iterator[Expression]:
    """Yield every node of a tree, the outermost first."""
    yield tree
    if isinstance(tree, Cast):
        yield from walk(tree.operand)
    elif isinstance(tree, Call):
        for operand in tree.operands:
            yield from walk(operand)


def bare(tree: Expression) -> Expression:
    """Return what stands beneath casts."""
    while isinstance(tree, Cast):
        tree = tree.operand
    return tree


def _token(kind: str, text: str) -> Token:
    if kind == "string":
        body = text[text.index("'") + 1 : -1].replace("''", "'")
        if text[0] == "E":
            body = re.sub(r"\\(.)", r"\1", body)
        return Token("string", body)
    if kind == "quoted":
        return Token("quoted", text[1:-1].replace('""', '"'))
    if kind == "word":
        return Token("word", text.lower())
    return Token(kind, text)


_COMPARISONS = ("<", ">", "=", "<=", ">=", "<>", "!=")
_BINDING = {"or": 1, "and": 2, "not": 3, "is": 4, "compare": 5, "other": 7, "+": 8, "*": 9, "^": 10}
_UNARY, _AT, _POSTFIX = 11, 12, 14
_TYPE_TAILS = (
    ("without", "time", "zone"),
    ("with", "time", "zone"),
)
_BARE_WORDS = {"null": None, "true": "true", "false": "false"}
_SESSION_WORDS = ("current_date", "current_timestamp", "current_user", "localtimestamp")


class _Reader:
    """Precedence climbing over the tokens (Operator Precedence, SQL syntax chapter)."""

    def __init__(self, found: list[Token]) -> None:
        self._tokens = found
        self._at = 0

    def finish(self) -> None:
        if self._at < len(self._tokens):
            raise ValueError(f"left over: {self._tokens[self._at].text!r}")

    def expression(self, above: int) -> Expression:
        left = self._prefix()
        while (token := self._peek()) is not None:
            binding = self._binding(token)
            if binding is None or binding <= above:
                break
            left = self._infix(left, token, binding)
        return left

    def _peek(self) -> Token | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _take(self) -> Token:
        token = self._peek()
        if token is None:
            raise ValueError("it ends too early")
        self._at += 1
        return token

    def _accept(self, *words: str) -> bool:
        token = self._peek()
        if token is not None and token.kind in ("word", "mark") and token.text in words:
            self._at += 1
            return True
        return False

    def _expect(self, text: str) -> None:
        token = self._take()
        if token.text != text:
            raise ValueError(f"expected {text!r}, found {token.text!r}")

    def _binding(self, token: Token) -> int | None:
        if token.kind == "cast" or (token.kind == "mark" and token.text in ("[", ".")):
            return _POSTFIX
        if token.kind == "operator":
            return _BINDING["compare"] if token.text in _COMPARISONS else self._sign(token.text)
        if token.kind == "word":
            if token.text in ("or", "and", "is"):
                return _BINDING[token.text]
            if token.text in ("at", "collate"):
                return _AT
        return None

    @staticmethod
    def _sign(text: str) -> int:
        if text in ("+", "-"):
            return _BINDING["+"]
        if text in ("*", "/", "%"):
            return _BINDING["*"]
        return _BINDING["^"] if text == "^" else _BINDING["other"]

    def _infix(  # noqa: PLR0911 - one return per construct
        self, left: Expression, token: Token, binding: int
    ) -> Expression:
        self._take()
        if token.kind == "cast":
            return Cast(left, self._type())
        if token.text == "[":
            return self._subscript(left)
        if token.text == ".":
            return Call(".", (left, Name(self._take().text)))
        if token.text == "is":
            return self._test(left)
        if token.text == "collate":
            self._qualified()
            return left
        if token.text == "at":
            self._expect("time")
            self._expect("zone")
            return Call("timezone", (self.expression(binding), left))
        if self._accept("any", "all"):
            which = self._tokens[self._at - 1].text
            self._expect("(")
            inner = self.expression(0)
            self._expect(")")
            return Call(token.text, (left, Call(which, (inner,))))
        return Call(token.text, (left, self.expression(binding)))

    def _subscript(self, left: Expression) -> Expression:
        index = self.expression(0)
        self._expect("]")
        return Call("[]", (left, index))

    def _test(self, left: Expression) -> Expression:
        words = ["is"]
        if self._accept("not"):
            words.append("not")
        if self._accept("distinct"):
            self._expect("from")
            return Call(" ".join([*words, "distinct from"]), (left, self.expression(4)))
        words.append(self._take().text)
        while (token := self._peek()) is not None and token.is_word("object", "array", "scalar"):
            words.append(self._take().text)
        return Call(" ".join(words), (left,))

    def _prefix(self) -> Expression:
        token = self._take()
        if token.kind in ("string", "number"):
            return Literal(token.text)
        if token.kind == "parameter":
            return Parameter(token.text)
        if token.kind == "operator":
            return self._signed(token.text)
        if token.text == "(" and token.kind == "mark":
            return self._parenthesis()
        if token.kind == "quoted":
            return self._named(token.text)
        if token.kind == "word":
            return self._word(token.text)
        raise ValueError(f"not understood: {token.text!r}")

    def _signed(self, sign: str) -> Expression:
        operand = self.expression(_UNARY)
        if sign == "-" and isinstance(operand, Literal) and operand.value is not None:
            return Literal("-" + operand.value)
        return Call(sign, (operand,))

    def _parenthesis(self) -> Expression:
        inner = self._list(")")
        return inner[0] if len(inner) == 1 else Call("row", inner)

    def _list(self, closing: str) -> tuple[Expression, ...]:
        items: list[Expression] = []
        if self._accept(closing):
            return ()
        while True:
            items.append(self.expression(0))
            if self._accept(closing):
                return tuple(items)
            self._expect(",")

    def _word(self, word: str) -> Expression:  # noqa: PLR0911 - one return per construct
        if word in _BARE_WORDS:
            return Literal(_BARE_WORDS[word])
        if word == "not":
            return Call("not", (self.expression(_BINDING["not"]),))
        if word == "array":
            self._expect("[")
            return Call("array", self._list("]"))
        if word == "case":
            return self._case()
        if word == "extract":
            return self._extract()
        if word in _SESSION_WORDS:
            return Call(word, ())
        return self._named(word)

    def _named(self, name: str) -> Expression:
        of = None
        while self._accept("."):
            of, name = name, self._take().text
        if self._accept("("):
            return Call(name, self._list(")"))
        return Name(name, of)

    def _extract(self) -> Expression:
        self._expect("(")
        field = self._take().text
        self._expect("from")
        operand = self.expression(0)
        self._expect(")")
        return Call("extract", (Literal(field), operand))

    def _case(self) -> Expression:
        parts: list[Expression] = []
        while not self._accept("end"):
            if not self._accept("when", "then", "else"):
                parts.append(self.expression(0))
        return Call("case", tuple(parts))

    def _qualified(self) -> str:
        name = self._take().text
        while self._accept("."):
            name = self._take().text
        return name

    def _type(self) -> str:
        name = self._qualified()
        for word in ("varying", "precision"):
            if self._accept(word):
                name += f" {word}"
        if self._accept("("):
            name += "(" + ",".join(_shown(item) for item in self._list(")")) + ")"
        for tail in _TYPE_TAILS:
            if self._peek_words(tail):
                self._at += len(tail)
                name += " " + " ".join(tail)
        while self._peek_words(("[",)) and self._tokens[self._at + 1 : self._at + 2] == [
            Token("mark", "]")
        ]:
            self._at += 2
            name += "[]"
        return name

    def _peek_words(self, words: tuple[str, ...]) -> bool:
        return tuple(t.text for t in self._tokens[self._at : self._at + len(words)]) == words


def _shown(item: Expression) -> str:
    return (item.value or "") if isinstance(item, Literal) else "?"
