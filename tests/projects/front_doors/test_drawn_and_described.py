"""Pictures and data dictionaries of a project: written, held in step by the gate, never lost."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.projects.front_doors.copies import Copy

ROOT = Path(__file__).parents[3]
KEPT = """
pictures = ["docs/shop.png", "docs/{part}.svg"]
dictionary = ["docs/shop.md", "docs/shop.html"]
domains = { "Käufer <&>" = ["Straße.select"], "The rest" = ["*"] }
"""
DRAWN = ["docs/kaufer.svg", "docs/overview.svg", "docs/shop.png", "docs/the-rest.svg"]
COLUMN = 'sa.Column("label", sa.String(20))', 'sa.Column("label", sa.String(21))'


def keeping(project: Copy, kept: str = KEPT) -> Copy:
    pyproject = project.root / "pyproject.toml"
    pyproject.write_text(pyproject.read_text(encoding="utf-8") + kept, "utf-8")
    return project


def gate(project: Copy) -> tuple[int, str]:
    done = project.run("gate", "--phase", "drift", COLUMNS="200", NO_COLOR="1")
    return done.returncode, done.stdout + done.stderr


def files(project: Copy) -> list[str]:
    return sorted(
        path.relative_to(project.root).as_posix() for path in (project.root / "docs").iterdir()
    )


def test_what_is_drawn_and_described_is_held_until_the_schema_changes(project: Copy) -> None:
    keeping(project)
    assert project.run("erd").returncode == 0
    assert project.run("dictionary").returncode == 0
    assert files(project) == sorted([*DRAWN, "docs/shop.html", "docs/shop.md"])
    code, shown = gate(project)
    assert code == 0, shown

    project.replace("models.py", *COLUMN)
    before = (project.root / "docs/kaufer.svg").read_bytes()
    (project.root / "docs/no-more.svg").write_bytes(before.replace(b"kaufer", b"no-more"))
    (project.root / "docs/copied.svg").write_bytes(before)
    (project.root / "docs/theirs.svg").write_text("<svg></svg>", "utf-8")
    (project.root / "docs/overview.svg").unlink()
    code, shown = gate(project)
    assert code == 1
    assert "docs/shop.png: it shows the schema as it was" in shown
    assert "docs/the-rest.svg: it shows the schema as it was" in shown
    assert "docs/kaufer.svg: it" not in shown  # nothing in it has changed
    assert "docs/overview.svg: there is no such file" in shown
    assert "docs/no-more.svg: it shows a part that there is no more" in shown
    assert "docs/theirs.svg" not in shown
    assert "docs/copied.svg" not in shown
    assert "docs/shop.md: it says what is not so" in shown
    assert "+| `label` | `character varying(21)` |" in shown
    assert "docs/shop.html: it says what is not so" in shown

    checked = project.run("erd", "--check")
    assert checked.returncode == 1
    assert "docs/shop.png: it shows the schema as it was\n" in checked.stdout
    drawn = project.run("erd")
    assert "docs/no-more.svg removed" in drawn.stderr
    assert project.run("dictionary").returncode == 0
    assert {"docs/copied.svg", "docs/theirs.svg"} < set(files(project))
    assert "docs/no-more.svg" not in files(project)
    assert (project.root / "docs/kaufer.svg").read_bytes() == before
    assert project.run("erd", "--check").stdout == "4 pictures hold\n"
    held = project.run("dictionary", "--check")
    assert (held.returncode, held.stdout) == (0, "docs/shop.md holds\ndocs/shop.html holds\n")


@pytest.mark.parametrize(("command", "name"), [("erd", "shop.svg"), ("dictionary", "shop.html")])
def test_what_somebody_else_made_is_never_overwritten(
    project: Copy, command: str, name: str
) -> None:
    (project.root / name).write_text("<svg>by hand</svg>\n", "utf-8")
    done = project.run(command, name)
    assert done.returncode == 2
    assert f"{name}: was not written by pgassay" in done.stderr
    assert (project.root / name).read_text("utf-8") == "<svg>by hand</svg>\n"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("dictionary",), "has no data dictionary"),
        (("dictionary", "shop.txt"), "is of no form known"),
        (("erd", "--part", "rest"), "--part needs FILE"),
        (("erd", "shop.gif"), "is of no form known"),
    ],
)
def test_wrong_use_is_told(sound: Copy, arguments: tuple[str, ...], told: str) -> None:
    done = sound.run(*arguments)
    assert done.returncode == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_a_domain_that_fits_nothing_is_a_finding(project: Copy) -> None:
    keeping(project, '\npictures = "shop.svg"\ndomains = { Orders = ["order_*"] }\n')
    code, shown = gate(project)
    assert code == 1
    assert "the pattern order_* fits no table" in shown


def test_one_part_is_drawn_where_asked(project: Copy) -> None:
    text = keeping(project).run("erd", "-", "--part", "käufer <&>").stdout
    assert '"Straße.select" {' in text
    assert text.count("{\n") == 1


def test_the_dictionaries_of_the_reference_systems_hold(sound: Copy) -> None:
    done = sound.run("dictionary", "--check", cwd=ROOT)
    told = "".join(f"docs/dictionary/{name}.md holds\n" for name in ("creativeflow", "pulse"))
    assert (done.returncode, done.stdout) == (0, told)
