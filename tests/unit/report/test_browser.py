"""The page in a real browser: nothing is complained of or asked for, and what can be used works."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from pgassay.report.page.report import page
from pgassay.report.tally import Tallies
from tests.unit.report.chromium import Chromium, program
from tests.unit.report.events_of_all_kinds import a_full_run, a_large_run, a_migration
from tests.unit.report.run_of_events import a_clean_run
from tests.unit.report.test_page import ATTACKS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from pgassay.core.event import Event

pytestmark = pytest.mark.skipif(
    program() is None, reason="no Chromium on the path; PGASSAY_CHROMIUM may name one"
)


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    path = program()
    assert path is not None
    with Chromium(path, tmp_path_factory.mktemp("chromium")) as browser:
        yield browser


@pytest.fixture(autouse=True)
def _nothing_is_complained_of_or_asked_for(browser: Chromium) -> Iterator[None]:
    browser.screen(1300, 1000)
    browser.colours("light")
    yield
    assert browser.complaints == []
    asked = [url for url in browser.requests if not url.startswith(("file:", "data:", "about:"))]
    assert asked == []


def opened(browser: Chromium, folder: Path, events: Iterable[Event], fragment: str = "") -> None:
    path = folder / "index.html"
    text = page([(tally, "2026-02-10T12:00:00+00:00") for tally in Tallies(events).all])
    path.write_text(text, encoding="utf-8")
    browser.open(path, fragment=fragment)


def typed(browser: Chromium, form: str, field: str, value: str) -> str:
    """Put a value into a field of a form, as a person does; return what the form then tells."""
    browser.do(
        f"const f = document.querySelector('{form}'); f.elements.{field}.value = '{value}';"
        "f.dispatchEvent(new Event('input', {bubbles: true}));"
    )
    said: str = browser.run(f"(document.querySelector('{form} output') || {{}}).textContent || ''")
    return said


def test_findings_are_searched_and_chosen(browser: Chromium, tmp_path: Path) -> None:
    opened(browser, tmp_path, a_large_run(300, 60))
    form = "form[data-filter]"
    assert typed(browser, form, "words", "") == "60 shown"
    assert typed(browser, form, "words", "column_17 accepted") == "1 of 60 shown"
    assert browser.run("document.querySelectorAll('.finding:not([hidden])').length") == 1
    assert typed(browser, form, "words", "nowhere") == "0 of 60 shown"
    typed(browser, form, "words", "")
    browser.do("document.querySelector('[name=severity][value=error]').click();")
    assert browser.run(f"document.querySelector('{form} output').textContent") == "40 of 60 shown"
    assert typed(browser, form, "slug", "slug_1") == "6 of 60 shown"


def test_cases_are_searched_and_shown_a_page_at_a_time(browser: Chromium, tmp_path: Path) -> None:
    opened(browser, tmp_path, a_large_run(1_000, 3))
    form, rows = "form[data-list]", "document.querySelectorAll('.cases tbody tr').length"
    assert (typed(browser, form, "words", ""), browser.run(rows)) == ("1,000 cases", 100)
    browser.do("document.querySelector('.more-rows').click();")
    assert browser.run(rows) == 200
    assert typed(browser, form, "words", "table_003") == "7 of 1,000 cases"
    assert typed(browser, form, "kind", "kind_01") == "1 of 1,000 cases"
    assert browser.run("document.querySelector('.more-rows').hidden") is True


def test_a_cell_of_the_matrix_leads_to_its_cases(browser: Chromium, tmp_path: Path) -> None:
    opened(browser, tmp_path, a_large_run(1_000, 3))
    cell = "document.querySelector('.matrix tbody tr:nth-child(4) td:nth-child(3)')"
    browser.do(f"{cell}.click();")
    told = browser.run("document.querySelector('form[data-list] output').textContent")
    assert told == "1 of 1,000 cases of table_003"
    key = "new KeyboardEvent('keydown', {key: 'ArrowRight', bubbles: true})"
    browser.do("document.querySelector('.matrix td[tabindex]').focus();")
    browser.do(f"document.activeElement.dispatchEvent({key});")
    assert browser.run("document.activeElement.cellIndex") == 2
    assert browser.run("document.querySelectorAll('.matrix td[tabindex]').length") == 1


def test_rows_of_the_matrix_are_filtered(browser: Chromium, tmp_path: Path) -> None:
    opened(browser, tmp_path, a_full_run())
    form = "form[data-rows]"
    assert typed(browser, form, "words", "user") == "1 of 2 rows"
    typed(browser, form, "words", "")
    browser.do(f"document.querySelector('{form} [name=open]').click();")
    assert (
        browser.run("document.querySelector('.matrix tbody tr:not([hidden]) th').textContent")
        == "orders"
    )


def test_plans_fold(browser: Chromium, tmp_path: Path) -> None:
    opened(browser, tmp_path, a_full_run())
    seen = "document.querySelector('.tree .hot').checkVisibility()"
    assert browser.run(seen) is False
    browser.do("document.querySelector('[data-fold=open]').click();")
    assert browser.run(seen) is True
    browser.do("document.querySelector('.tree summary').click();")
    assert browser.run(seen) is False
    browser.do("document.querySelector('[data-fold=close]').click();")
    assert browser.run("document.querySelectorAll('.plan[open]').length") == 0


def test_a_link_opens_its_finding(browser: Chromium, tmp_path: Path) -> None:
    opened(browser, tmp_path, a_large_run(10, 30))
    first = "document.querySelector('.finding')"
    assert browser.run(f"{first}.open") is False
    browser.do("document.querySelector('.first a').click();")
    assert browser.run("document.querySelector(location.hash).open") is True
    opened(browser, tmp_path, a_large_run(10, 30), fragment="#r1-f20")
    assert browser.run("document.getElementById('r1-f20').open") is True


def test_the_colours_follow_the_system_and_the_button(browser: Chromium, tmp_path: Path) -> None:
    opened(browser, tmp_path, a_full_run())
    ground = "getComputedStyle(document.body).backgroundColor"
    light = browser.run(ground)
    browser.colours("dark")
    dark = browser.run(ground)
    assert light != dark
    button = "document.getElementById('theme').click();"
    browser.do(button)
    assert browser.run(ground) == light
    browser.do(button)
    browser.colours("light")
    assert browser.run(ground) == dark
    browser.do(button)
    assert browser.run(ground) == light


def contrast(browser: Chromium) -> list[str]:
    """Return texts whose contrast with what is behind them is under 4.5 (WCAG 2.2, 1.4.3)."""
    script = """
      (() => {
        const rgb = (colour) => colour.match(/[\\d.]+/g).map(Number);
        const linear = (v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
        const light = (colour) => {
          const [r, g, b] = rgb(colour).map((v) => linear(v / 255));
          return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        };
        const behind = (element) => {
          for (let e = element; e; e = e.parentElement) {
            const colour = getComputedStyle(e).backgroundColor;
            if ((rgb(colour)[3] ?? 1) > 0) return colour;
          }
          return 'rgb(255,255,255)';
        };
        const own = (e) => Array.from(e.childNodes).some((n) => n.nodeType === 3 && n.data.trim());
        const bad = new Set();
        for (const e of document.body.querySelectorAll('*')) {
          if (e.closest('svg') || !e.checkVisibility() || !own(e)) continue;
          const [a, b] = [light(getComputedStyle(e).color), light(behind(e))];
          const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
          if (ratio < 4.5) bad.add(`${e.tagName}.${e.className} ${ratio.toFixed(2)}`);
        }
        return Array.from(bad);
      })()"""
    found: list[str] = browser.run(script)
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_can_be_read(browser: Chromium, tmp_path: Path, scheme: str) -> None:
    browser.colours(scheme)
    opened(browser, tmp_path, [*a_full_run(), *a_clean_run(), *a_migration(), *a_full_run()[:-1]])
    browser.do("document.querySelectorAll('details').forEach((d) => { d.open = true; });")
    assert contrast(browser) == []


def test_controls_have_names_and_headings_go_down_by_one(browser: Chromium, tmp_path: Path) -> None:
    opened(browser, tmp_path, a_full_run())
    tree = browser.ask("Accessibility.getFullAXTree")["nodes"]
    roles = {"button", "searchbox", "checkbox", "combobox", "link", "image", "navigation"}
    nameless = [
        node["role"]["value"]
        for node in tree
        if not node["ignored"]
        and node["role"]["value"] in roles
        and not node.get("name", {}).get("value", "").strip()
    ]
    assert nameless == []
    assert {"main", "navigation", "image"} <= {n["role"]["value"] for n in tree if not n["ignored"]}
    levels = browser.run("Array.from(document.querySelectorAll('h1,h2,h3'), (h) => +h.tagName[1])")
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("width", [320, 390])
def test_a_phone_scrolls_down_and_not_aside(browser: Chromium, tmp_path: Path, width: int) -> None:
    browser.screen(width, 800, phone=True)
    opened(browser, tmp_path, a_full_run("x" * 10_000))
    assert browser.run("document.documentElement.scrollWidth") <= width


def test_print_shows_what_a_screen_folds(browser: Chromium, tmp_path: Path) -> None:
    opened(browser, tmp_path, a_large_run(100, 20))
    browser.colours("light", "print")
    browser.do("dispatchEvent(new Event('beforeprint'));")
    assert browser.run("document.querySelectorAll('.finding:not([open])').length") == 0
    assert browser.run("getComputedStyle(document.querySelector('nav')).display") == "none"
    assert len(browser.ask("Page.printToPDF")["data"]) > 1_000


def test_no_name_runs(browser: Chromium, tmp_path: Path) -> None:
    # Without the policy, so that it is the escaping that is tried.
    events = [event for attack in ATTACKS for event in (*a_full_run(attack), *a_migration(attack))]
    text = page([(tally, "") for tally in Tallies(events).all])
    open_page = text.replace("Content-Security-Policy", "nothing")
    (tmp_path / "open.html").write_text(open_page, encoding="utf-8")
    browser.open(tmp_path / "open.html")
    dialogs = [e for e in browser.events if e.get("method") == "Page.javascriptDialogOpening"]
    assert dialogs == []
    assert browser.run("document.querySelectorAll('iframe,img,[onload],[onerror]').length") == 0
    assert browser.run("document.querySelectorAll('article.run').length") == 2 * len(ATTACKS)


def test_five_thousand_cases_and_two_hundred_findings_open(
    browser: Chromium, tmp_path: Path
) -> None:
    opened(browser, tmp_path, a_large_run())
    told = browser.run("document.querySelector('form[data-list] output').textContent")
    assert told == "5,000 cases"
    # What makes it quick, counted; seconds depend on who else is on the machine.
    assert browser.run("document.querySelectorAll('*').length") < 20_000
    assert (tmp_path / "index.html").stat().st_size < 5_000_000
