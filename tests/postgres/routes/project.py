"""Copies of the miniature projects, with what they hard-code filled in."""

import shutil
from collections.abc import Mapping
from pathlib import Path

PROJECTS = Path(__file__).parents[2] / "projects"
SHOP = PROJECTS / "shop"


def names_in(folder: str) -> list[str]:
    return sorted(path.stem for path in (SHOP / folder).glob("*.py"))


def copy_of_shop(to: Path, environment: str, values: Mapping[str, str]) -> Path:
    """Copy the shop with one of its env.py files and return the copy's folder."""
    root = to / "shop"
    shutil.copytree(SHOP, root, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(root / f"{environment}.py", root / "migrations" / "env.py")
    shutil.copy(root / ".env.example", root / ".env")
    for folder in ("env", "hostile"):
        shutil.rmtree(root / folder)
    for path in [*root.rglob("*.py"), root / "alembic.ini", root / ".env"]:
        text = path.read_text()
        for name, value in values.items():
            text = text.replace(name, value)
        path.write_text(text)
    return root
