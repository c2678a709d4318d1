"""The catalogue of checks as Markdown: what docs/checks.md is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.checks.registry import built_in
from pgassay.core.check import Need, Profile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.checks.check import Check

_SAID = {
    Profile.RECOMMENDED: "What is wrong nearly always. The gate runs these.",
    Profile.STRICT: "What is wrong more often than not; `strict` has the ones above as well.",
    Profile.ALL: "What a team may want to know; `all` has everything.",
}
_HEAD = """\
# Structural checks

What is wrong with a schema even where every case passes, read from the catalog. This page is what
`pgassay explain --checks` prints; `pgassay explain SLUG` prints one check's.
[accepting.md](accepting.md) says how they are chosen, told and accepted,
[own-checks.md](own-checks.md) how a team adds its own.
"""


def catalogue() -> str:
    """Return the page of every check, by profile."""
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    checks = list(built_in().values())
    yield _HEAD
    for profile in Profile:
        own = [check for check in checks if check.profile is profile]
        yield f"## {profile.value}\n\n{_SAID[profile]}\n"
        yield "| check | finds | severity | needs |\n|---|---|---|---|"
        for check in own:
            yield (
                f"| [{check.slug}](#{check.slug}) | {check.page.title} | {check.severity} "
                f"| {check.need} |"
            )
        yield ""
    for check in checks:
        yield from _page(check)


def _page(check: Check) -> Iterator[str]:
    page = check.page
    yield f"## {check.slug}\n"
    yield f"{page.title}.\n"
    yield f"{check.profile}, {check.severity}, needs: {check.need}\n"
    for head, text in (("What it finds", page.finds), ("Why it hurts", page.why)):
        yield f"**{head}.** {text}\n"
    for name, value in check.options.items():
        shown = ", ".join(map(str, value)) if isinstance(value, tuple) else value
        yield f"**Option `{name}`.** {shown}\n"
    language = "python" if check.need in (Need.MODELS, Need.DEPLOYED) else "sql"
    for head, code in (("Bad", page.bad), ("Good", page.good)):
        yield f"**{head}**\n\n```{language}\n{code}\n```\n"
    for head, text in (("Fix", page.fix), ("When to ignore", page.ignore)):
        yield f"**{head}.** {text}\n"
    yield f"*{page.reference}*\n"
