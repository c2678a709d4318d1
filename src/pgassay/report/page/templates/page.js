"use strict";
// Everything here makes the page quicker to use; without it all but the list of cases is there.
(() => {
  const all = (where, what) => Array.from(where.querySelectorAll(what));
  const words = (form) => ((form.elements.words || {}).value || "").toLowerCase().split(/\s+/).filter(Boolean);
  const has = (text, wanted) => wanted.every((word) => text.includes(word));
  const tell = (form, shown, total, noun) => {
    form.querySelector("output").textContent =
      shown === total ? `${total.toLocaleString("en")} ${noun}` : `${shown.toLocaleString("en")} of ${total.toLocaleString("en")} ${noun}`;
  };
  const listen = (form, then) => {
    let waiting = 0;
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(then, 60); });
    then();
  };

  // Findings, plans and curves: whole blocks, searched by their text.
  for (const form of all(document, "form[data-filter]")) {
    const list = document.getElementById(form.dataset.filter);
    const blocks = form.dataset.blocks ? all(list, form.dataset.blocks) : Array.from(list.children);
    const flat = list.querySelector(".flat");
    let texts = null;
    listen(form, () => {
      const wanted = words(form);
      if (wanted.length && !texts) texts = blocks.map((block) => block.textContent.toLowerCase());
      const severities = new Set(all(form, "[name=severity]:checked").map((box) => box.value));
      const bySeverity = all(form, "[name=severity]").length > 0;
      const slug = form.elements.slug ? form.elements.slug.value : "";
      let shown = 0;
      blocks.forEach((block, number) => {
        const fits = (!wanted.length || has(texts[number], wanted))
          && (!bySeverity || severities.has(block.dataset.severity))
          && (!slug || block.dataset.slug === slug);
        block.hidden = !fits;
        shown += fits ? 1 : 0;
      });
      if (flat && wanted.length) flat.open = true;
      tell(form, shown, blocks.length, "shown");
    });
    for (const button of all(form, "[data-fold]")) {
      button.addEventListener("click", () => {
        for (const block of blocks) if (!block.hidden && block.tagName === "DETAILS") block.open = button.dataset.fold === "open";
      });
    }
  }

  // Rows of a table.
  for (const form of all(document, "form[data-rows]")) {
    const rows = Array.from(document.getElementById(form.dataset.rows).tBodies[0].rows);
    listen(form, () => {
      const wanted = words(form);
      const open = form.elements.open && form.elements.open.checked;
      let shown = 0;
      for (const row of rows) {
        const fits = has((row.closest(".matrix") ? row.cells[0] : row).textContent.toLowerCase(), wanted) && (!open || row.querySelector(".bad,.unproven"));
        row.hidden = !fits;
        shown += fits ? 1 : 0;
      }
      tell(form, shown, rows.length, "rows");
    });
  }

  // Cases: kept as numbers, made into rows a page at a time.
  const page = 100;
  const lists = {};
  for (const form of all(document, "form[data-list]")) {
    const table = document.getElementById(form.dataset.list);
    const data = JSON.parse(document.querySelector(`script[data-of="${form.dataset.list}"]`).textContent);
    const more = table.closest("section").querySelector(".more-rows");
    const body = table.tBodies[0];
    const dictionary = data.words.map((word) => word.toLowerCase());
    let found = [];
    let table_only = "";
    const add = () => {
      const from = body.rows.length;
      for (const row of found.slice(from, from + page)) {
        const [kind, object, part, title, status, reason, micro] = row;
        const line = body.insertRow();
        const cell = (text, kindOf) => { const made = line.insertCell(); made.textContent = text; if (kindOf) made.className = kindOf; return made; };
        cell(data.words[status], data.words[status]);
        cell(data.words[part] ? `${data.words[object]}.${data.words[part]}` : data.words[object]);
        cell(data.words[kind]);
        cell(data.words[reason] ? `${data.words[title]}: ${data.words[reason]}` : data.words[title]);
        cell((micro / 1000).toFixed(2), "n");
      }
      more.hidden = body.rows.length >= found.length;
      more.textContent = `Show more (${(found.length - body.rows.length).toLocaleString("en")} left)`;
    };
    const choose = () => {
      const wanted = words(form);
      const kind = form.elements.kind.value;
      const status = form.elements.status.value;
      found = data.rows.filter((row) =>
        (!kind || data.words[row[0]] === kind)
        && (!status || data.words[row[4]] === status)
        && (!table_only || data.words[row[1]] === table_only || data.words[row[1]].startsWith(`${table_only}_`))
        && wanted.every((word) => row.slice(0, 6).some((number) => dictionary[number].includes(word))));
      body.textContent = "";
      add();
      tell(form, found.length, data.rows.length, table_only ? `cases of ${table_only}` : "cases");
    };
    form.elements.words.addEventListener("input", () => { table_only = ""; });
    more.addEventListener("click", add);
    listen(form, choose);
    lists[form.dataset.list] = (object, kind) => {
      form.elements.words.value = "";
      form.elements.status.value = "";
      form.elements.kind.value = kind;
      table_only = object;
      choose();
      form.scrollIntoView();
      form.elements.words.focus({preventScroll: true});
    };
  }

  // The matrix: a click or Enter shows the cases of a cell, arrow keys move between cells.
  for (const matrix of all(document, "table[data-cases]")) {
    const show = lists[matrix.dataset.cases];
    const kinds = Array.from(matrix.tHead.rows[0].cells).map((cell) => cell.textContent);
    const open = (cell) => {
      if (cell && cell.tagName === "TD" && !cell.classList.contains("none") && show) {
        const name = cell.parentNode.cells[0].textContent;
        show(name === "other objects" ? "" : name, kinds[cell.cellIndex]);
      }
    };
    const first = matrix.querySelector("td:not(.none)");
    if (first) first.tabIndex = 0;
    matrix.addEventListener("click", (event) => open(event.target.closest("td")));
    matrix.addEventListener("keydown", (event) => {
      const cell = event.target.closest("td");
      if (!cell) return;
      const row = cell.parentNode;
      const beside = {ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0]}[event.key];
      if (event.key === "Enter") { event.preventDefault(); open(cell); }
      if (!beside) return;
      event.preventDefault();
      let line = row;
      if (beside[0]) { do { line = beside[0] > 0 ? line.nextElementSibling : line.previousElementSibling; } while (line && line.hidden); }
      const next = line && line.cells[cell.cellIndex + beside[1]];
      if (next && next.tagName === "TD") { cell.removeAttribute("tabindex"); next.tabIndex = 0; next.focus(); }
    });
  }

  // One of several pictures.
  for (const form of all(document, "form[data-choose]")) {
    const figures = Array.from(document.getElementById(form.dataset.choose).children);
    listen(form, () => figures.forEach((figure, number) => { figure.hidden = String(number) !== form.elements.choice.value; }));
  }

  // What a link leads to is opened.
  const reveal = () => {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target && target.tagName === "DETAILS") { target.hidden = false; target.open = true; }
    if (target) target.scrollIntoView({behavior: "instant"});
  };
  addEventListener("hashchange", reveal);
  reveal();
  const contents = document.querySelector("nav details");
  if (contents && matchMedia("(max-width:60rem)").matches) contents.open = false;

  // Printed is what is folded as well.
  addEventListener("beforeprint", () => { for (const block of all(document, ".finding")) block.open = true; });

  const button = document.getElementById("theme");
  const themes = ["auto", "light", "dark"];
  const kept = { get: () => { try { return localStorage.getItem("pgassay-theme"); } catch { return null; } },
                 set: (value) => { try { localStorage.setItem("pgassay-theme", value); } catch { /* a page from disk may have no storage */ } } };
  const paint = (theme) => {
    if (theme === "auto") delete document.documentElement.dataset.theme; else document.documentElement.dataset.theme = theme;
    button.querySelector("span").textContent = theme;
    button.setAttribute("aria-label", theme === "auto" ? "Colours: as the system has them" : `Colours: ${theme}`);
  };
  let theme = themes.includes(kept.get()) ? kept.get() : "auto";
  paint(theme);
  button.addEventListener("click", () => { theme = themes[(themes.indexOf(theme) + 1) % 3]; paint(theme); kept.set(theme); });
})();
