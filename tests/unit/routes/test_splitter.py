"""A file is split where psql would split it; what psql would do otherwise is refused by name."""

from pathlib import Path

import pytest

from pgassay.core.errors import SchemaError
from pgassay.postgres.script.splitter import ScriptStatement, Splitter


def split(text: str, tmp_path: Path) -> list[ScriptStatement]:
    path = tmp_path / "sql" / "file.sql"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return list(Splitter(path.parent).statements(path))


WHOLE = {
    "single quotes": "SELECT 'a;b', 'it''s;'",
    "a backslash in a plain string": "SELECT 'a\\', 'b;'",
    "an escape string": r"SELECT E'a\';b', e'\\;'",
    "an escape string over two lines": "SELECT E'a'\n  'b\\';c'",
    "a national, bit and unicode string": "SELECT N'a;', B'1', X'1F', U&'d\\0061;', u&'x;'",
    "a quoted identifier": 'CREATE TABLE "a;""b" (U&"c;" int)',
    "dollar quotes": "SELECT $$a;'b$$, $x$ $$;$$ $x$",
    "dollar quotes within another": "DO $do$ BEGIN EXECUTE $q$SELECT ';'$q$; END $do$",
    "a tag that is not ASCII": "SELECT $ä_1$;$ä_1$",
    "a parameter is no dollar quote": "PREPARE p AS SELECT $1 + $2",
    "a dollar inside a name": "SELECT a$b$c, d$$ FROM t",
    "a line comment": "SELECT 1 -- a; 'b\n + 2",
    "a nested comment": "SELECT /* a; /* b; */ ' ; */ 1",
    "a rule's statements": "CREATE RULE r AS ON INSERT TO t DO (DELETE FROM a; DELETE FROM b)",
    "a function's body": (
        "CREATE OR REPLACE FUNCTION f(a int) RETURNS int LANGUAGE sql BEGIN ATOMIC "
        "SELECT CASE WHEN a > 1 THEN 1 ELSE 2 END; SELECT a; END"
    ),
    "a procedure's body": 'CREATE PROCEDURE "p;"() BEGIN ATOMIC INSERT INTO t VALUES (1); END',
    "a quoted begin": "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1; begin'",
    "an operator and a cast": "SELECT 1 -1, '1'::int, a[1:2], a[:n] FROM t WHERE b @> '{}'",
    "blanks within": "SELECT\r\n\t 1",
}


@pytest.mark.parametrize("text", WHOLE.values(), ids=WHOLE)
def test_a_semicolon_within_ends_nothing(text: str, tmp_path: Path) -> None:
    found = split(f"{text};\nSELECT 'next'", tmp_path)

    assert [one.text for one in found] == [text.replace("\r\n", "\n"), "SELECT 'next'"]


def test_two_functions_are_two_statements(tmp_path: Path) -> None:
    text = "CREATE FUNCTION a() RETURNS int BEGIN ATOMIC SELECT 1; END"

    assert [one.text for one in split(f"{text};{text};", tmp_path)] == [text, text]


def test_begin_ends_a_statement_outside_functions(tmp_path: Path) -> None:
    found = split('BEGIN; CREATE TABLE case_of ("end" int); COMMIT; END;', tmp_path)

    assert len(found) == 4


def test_lines_are_those_of_the_file(tmp_path: Path) -> None:
    found = split("\ufeff-- one\n\n/* two\n */ SELECT 1;\n\nSELECT\n 2;;\n;", tmp_path)

    assert [(one.text, one.where) for one in found] == [
        ("SELECT 1", "sql/file.sql:4"),
        ("SELECT\n 2", "sql/file.sql:6"),
    ]


def test_comments_alone_are_no_statement(tmp_path: Path) -> None:
    assert split("-- nothing\n/* at all */\n", tmp_path) == []


def test_copy_brings_its_data(tmp_path: Path) -> None:
    found = split("COPY t (a) FROM stdin;\n1\n;'\n\\.\nSELECT 1;", tmp_path)

    assert [(one.text, one.data) for one in found] == [
        ("COPY t (a) FROM stdin", "1\n;'\n"),
        ("SELECT 1", None),
    ]


def test_variables_are_filled_in_as_psql_does(tmp_path: Path) -> None:
    text = (
        "\\set n 3\n\\set who 'O''Hara'\n"
        "SELECT :n, :'who', :\"who\", ':n', a[:m], '1'::n, x := 1;\n"
        "\\unset n\nSELECT :n;"
    )

    assert [one.text for one in split(text, tmp_path)] == [
        "SELECT 3, 'O''Hara', \"O'Hara\", ':n', a[:m], '1'::n, x := 1",
        "SELECT :n",
    ]


def test_other_files_are_included_from_their_places(tmp_path: Path) -> None:
    folder = tmp_path / "sql"
    (folder / "parts" / "deep").mkdir(parents=True)
    (folder / "parts" / "one.sql").write_text("SELECT 1;\n\\ir deep/two.sql\n")
    (folder / "parts" / "deep" / "two.sql").write_text("SELECT 2;\n\\i parts/three.sql\n")
    (folder / "parts" / "three.sql").write_text("SELECT 3;")

    found = split("\\ir 'parts/one.sql'\nSELECT 4;", tmp_path)

    assert [(one.text, one.file) for one in found] == [
        ("SELECT 1", "sql/parts/one.sql"),
        ("SELECT 2", "sql/parts/deep/two.sql"),
        ("SELECT 3", "sql/parts/three.sql"),
        ("SELECT 4", "sql/file.sql"),
    ]


def test_what_only_talks_to_the_terminal_is_passed_over(tmp_path: Path) -> None:
    text = "\\restrict kEy\n\\echo hello; 'there\n\\timing on\n\\encoding UTF8\nSELECT 1;\n"

    assert [one.text for one in split(text, tmp_path)] == ["SELECT 1"]


REFUSED = {
    "\\connect other": r"the psql command \connect is not understood",
    "\\c other": r"the psql command \c is not understood",
    "\\copy t from 'f'": r"the psql command \copy is not understood",
    "\\if true": r"the psql command \if is not understood",
    "\\! rm -rf": r"the psql command \! is not understood",
    "\\encoding LATIN1": r"the psql command \encoding is not understood",
    "SELECT 'x' \\gexec": r"the psql command \gexec in the middle of a statement",
    "\\ir 'open": r"the psql command \ir has a quote without an end",
    "\\ir nowhere.sql": r"\ir nowhere.sql: there is no such file",
    "\\ir file.sql": r"includes more than 16 files deep",
    "SELECT 'a": "the string that begins here has no end",
    "SELECT E'a\\'": "the string that begins here has no end",
    'SELECT "a': "the quoted identifier that begins here has no end",
    "SELECT $x$ $$": "the dollar-quoted string $x$ that begins here has no end",
    "/* /* */": "the comment that begins here has no end",
    "SELECT (1;": "the file ends within parentheses",
    "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1;": "or a function's body",
    "COPY t FROM STDIN;\n1\n": "the data of this COPY has no end",
}


@pytest.mark.parametrize(("text", "told"), REFUSED.items(), ids=REFUSED)
def test_what_is_not_understood_is_refused_with_its_line(
    text: str, told: str, tmp_path: Path
) -> None:
    with pytest.raises(SchemaError) as refused:
        split(f"SELECT 0;\n{text}", tmp_path)

    assert told in refused.value.found
    assert refused.value.where == "sql/file.sql:2"


def test_a_file_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "file.sql"
    path.write_bytes(b"SELECT '\xe4'")

    with pytest.raises(SchemaError, match="not UTF-8"):
        list(Splitter(tmp_path).statements(path))
