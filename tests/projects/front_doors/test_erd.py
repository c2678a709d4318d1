"""`pgassay erd`, and the diagrams of a project as a part of its gate."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.projects.front_doors.copies import Copy

ROOT = Path(__file__).parents[3]


def configured(project: Copy, *files: str) -> Copy:
    pyproject = project.root / "pyproject.toml"
    shown = ", ".join(f'"{file}"' for file in files)
    pyproject.write_text(f"{pyproject.read_text(encoding='utf-8')}erd = [{shown}]\n", "utf-8")
    return project


def gate(project: Copy) -> tuple[int, str]:
    done = project.run("gate", "--phase", "drift", COLUMNS="200", NO_COLOR="1")
    return done.returncode, done.stdout + done.stderr


def test_a_document_is_written_held_and_found_out_of_date(project: Copy) -> None:
    configured(project, "docs/erd.md")
    written = project.run("erd")
    assert (written.returncode, written.stdout) == (0, "")
    assert "docs/erd.md written" in written.stderr
    held = project.run("erd", "--check")
    assert (held.returncode, held.stdout) == (0, "docs/erd.md holds\n")
    document = project.root / "docs/erd.md"
    sound = document.read_text(encoding="utf-8")
    document.write_text(sound.replace(' "nullable"', "", 1), "utf-8")
    outdated = project.run("erd", "--check")
    assert outdated.returncode == 1
    assert '+  numeric(6,2) `größe` "nullable"' in outdated.stdout
    assert "out of date" in outdated.stderr
    assert document.read_text(encoding="utf-8") != sound
    assert project.run("erd").returncode == 0
    assert document.read_text(encoding="utf-8") == sound


def test_the_gate_is_red_where_a_diagram_differs_and_green_once_it_is_mended(project: Copy) -> None:
    configured(project, "erd.md")
    assert project.run("erd").returncode == 0
    code, shown = gate(project)
    assert code == 0, shown
    project.replace("erd.md", "  varchar(40) Name", "  varchar(41) Name")
    code, shown = gate(project)
    assert code == 1
    assert "the diagram says varchar(41), the column is character varying(40)" in shown
    line = project.root.joinpath("erd.md").read_text("utf-8").split("varchar(41)")[0].count("\n")
    assert f"erd.md:{line + 1}" in shown
    assert project.run("erd").returncode == 0
    assert gate(project)[0] == 0


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (None, "the ERD document is not there"),
        ("# no diagram\n", "holds no entity relationship diagram"),
        ("```mermaid\nerDiagram\na {\n int\n}\n```\n", "erd.md:5"),
        (b"\xff\xfe\x00", "decode"),
    ],
)
def test_a_document_that_cannot_be_read_is_a_finding(
    project: Copy, text: str | bytes | None, told: str
) -> None:
    configured(project, "erd.md")
    if isinstance(text, str):
        (project.root / "erd.md").write_text(text, "utf-8")
    elif text is not None:
        (project.root / "erd.md").write_bytes(text)
    code, shown = gate(project)
    assert code == 1
    assert told in shown
    assert "Traceback" not in shown


def test_several_files_draw_one_schema(project: Copy) -> None:
    configured(project, "a.md", "b.mmd")
    whole = project.run("erd", "-").stdout
    diagram = whole.split("```mermaid\n")[1].split("```")[0]
    other = whole.replace(diagram, "").replace("```mermaid\n```", "")
    (project.root / "b.mmd").write_text(diagram, "utf-8")
    (project.root / "a.md").write_text(other, "utf-8")
    code, shown = gate(project)
    assert code == 0, shown


def test_what_somebody_else_wrote_is_never_overwritten(project: Copy) -> None:
    (project.root / "erd.md").write_text("by hand\n", "utf-8")
    done = project.run("erd", "erd.md")
    assert done.returncode == 2
    assert "erd.md: was not written by pgassay" in done.stderr
    assert (project.root / "erd.md").read_text("utf-8") == "by hand\n"


@pytest.mark.parametrize(
    ("files", "told"),
    [((), "has no ERD document"), (("a.md", "b.md"), "has several ERD documents")],
)
def test_which_file_is_meant_must_be_known(
    project: Copy, files: tuple[str, ...], told: str
) -> None:
    done = configured(project, *files).run("erd")
    assert done.returncode == 2
    assert told in done.stderr
    assert "pyproject.toml" in done.stderr


def test_the_document_is_printed_where_asked(sound: Copy) -> None:
    done = sound.run("erd", "-")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("# shop: ")
    assert '"Straße.select" {' in done.stdout


@pytest.mark.parametrize(("system", "pictures"), [("creativeflow", 13), ("pulse", 27)])
def test_what_is_drawn_of_the_reference_systems_holds(
    sound: Copy, system: str, pictures: int
) -> None:
    done = sound.run("erd", "--system", system, "--check", cwd=ROOT)
    told = f"docs/diagrams/{system}.md holds\n{pictures} pictures hold\n"
    assert (done.returncode, done.stdout) == (0, told)
