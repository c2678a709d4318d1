"""What the current git branch adds: files that are not in the branch it will be merged into."""

from __future__ import annotations

import subprocess
from pathlib import Path

from pgassay.core.errors import ConfigError, MachineError

USUAL = ("main", "master")


def added_files(folder: Path, base: str | None) -> frozenset[Path] | None:
    """Return the files that are here and not where the branch left `base`, committed or not.

    Args:
        folder: a folder of the working tree.
        base: the branch; `main` or else `master` if left out, as it is here or at `origin`.

    Returns:
        Absolute paths; None where nothing was asked for and there is no such branch, no git, or
        no working tree.

    Raises:
        ConfigError: the branch that was asked for is not there.
        MachineError: git cannot be run, though a branch was asked for.
    """
    top = _git(folder, "rev-parse", "--show-toplevel")
    if top is None:
        if base is None:
            return None
        raise MachineError(
            "git does not know this folder",
            where=str(folder),
            expected=f"a working tree with a branch {base}",
            fix="name a revision instead of --base",
        )
    commit = _forked(folder, base)
    if commit is None:
        return None
    changed = _git(
        folder, "diff", "--name-only", "--no-renames", "--diff-filter=A", "-z", commit, "--"
    )
    new = _git(folder, "ls-files", "--others", "--exclude-standard", "--full-name", "-z", ":/")
    names = [name for found in (changed, new) for name in (found or "").split("\0") if name]
    root = Path(top.strip())
    return frozenset((root / name).resolve() for name in names)


def _forked(folder: Path, base: str | None) -> str | None:
    """Return the commit that the branch and its base have in common."""
    for name in (base,) if base else USUAL:
        for spelled in (name, f"origin/{name}"):
            found = _git(folder, "merge-base", spelled, "HEAD")
            if found:
                return found.strip()
    if base is None:
        return None
    known = (_git(folder, "branch", "--all", "--format=%(refname:short)") or "").split()
    raise ConfigError(
        f'there is no branch "{base}" that HEAD could have left',
        where="--base",
        expected=", ".join(known) or "a branch",
        fix="fetch it, or name the revisions: pgassay migration A:B",
    )


def _git(folder: Path, *arguments: str) -> str | None:
    """Return what git prints; None where it refuses or is not there."""
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *arguments], capture_output=True, text=True, check=False
        )
    except OSError:
        return None
    return done.stdout if done.returncode == 0 else None
