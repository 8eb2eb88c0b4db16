(() => {
  const { element, icon, prose, onSlash, showing } = parts;
  const PAGE = 60;
  const data = JSON.parse(document.getElementById("data").textContent);
  const [ID, OPERATION, FAMILY, LEVEL, STATEMENT, DIFFERS, CELLS] = [0, 1, 2, 3, 4, 5, 6];
  const [VERDICT, HITS, CHANGE, DETAIL] = [0, 1, 2, 3];
  const byId = (id) => document.getElementById(id);
  const search = byId("search");
  const selects = ["change", "operation", "family"].map(byId);
  const chosen = new Set();
  const chips = new Map();
  const clauses = data.groups.flatMap((group, place) => group.rows.map((row) => ({ row, place })));
  const positions = new Map(clauses.map(({ row }, index) => [row[ID], index]));
  const texts = clauses.map(({ row }) => [row[ID], row[STATEMENT], ...row[CELLS].map((cell) => (cell && cell[DETAIL] >= 0 ? data.details[cell[DETAIL]].reason || data.details[cell[DETAIL]].actual || "" : ""))].join("\n").toLowerCase());
  const bodies = [];
  let found = [];
  let shown = 0;

  function verdictOf(cell) {
    return cell && cell[VERDICT] >= 0 ? data.verdicts[cell[VERDICT]] : null;
  }

  function changeOf(cell) {
    return cell && cell[CHANGE] >= 0 ? data.changes[cell[CHANGE]] : null;
  }

  function mark(verdict) {
    const made = element("span", verdict ? "verdict v-" + verdict : "quiet");
    if (verdict) made.append(icon(verdict), verdict);
    else made.textContent = "not in this run";
    return made;
  }

  function changed(cell) {
    const change = changeOf(cell);
    return change && change[1] ? element("span", "change to-" + change[1], change[0]) : "";
  }

  function clauseRow(index) {
    const { row, place } = clauses[index];
    const line = element("tr");
    const head = element("th");
    head.scope = "row";
    const button = element("button", "open-row id", row[ID]);
    button.type = "button";
    button.setAttribute("aria-expanded", "false");
    button.addEventListener("click", () => toggle(line, button, index));
    head.append(button, " ", element("span", "level", row[LEVEL]), prose(row[STATEMENT]));
    line.append(head);
    row[CELLS].forEach((cell, at) => {
      const made = element("td");
      made.dataset.run = data.groups[place].columns[at].label;
      made.append(mark(verdictOf(cell)), changed(cell));
      line.append(made);
    });
    return line;
  }

  function toggle(line, button, index) {
    const opened = button.getAttribute("aria-expanded") === "true";
    button.setAttribute("aria-expanded", String(!opened));
    line.classList.toggle("told", !opened);
    if (opened) {
      line.nextElementSibling.remove();
      return;
    }
    const { row, place } = clauses[index];
    const below = element("tr", "detail");
    const whole = element("td", "whole");
    whole.colSpan = row[CELLS].length + 1;
    const sides = element("div", "sides");
    row[CELLS].forEach((cell, at) => sides.append(side(row, cell, data.groups[place].columns, at)));
    whole.append(sides);
    below.append(whole);
    line.after(below);
  }

  function side(row, cell, columns, at) {
    const verdict = verdictOf(cell);
    const made = element("div", "side v-" + (verdict || "disabled"));
    const column = columns[at];
    made.append(element("p", "name", column.label), mark(verdict), changed(cell));
    if (!cell) return made;
    if (cell[CHANGE] >= 0 && changeOf(cell)[1]) made.append(element("p", "note", "against " + columns[column.base].label));
    if (verdict) made.append(element("p", "note", "exercised " + cell[HITS].toLocaleString("en") + (cell[HITS] === 1 ? " time" : " times")));
    const detail = cell[DETAIL] >= 0 ? data.details[cell[DETAIL]] : {};
    const list = element("dl");
    for (const [name, title] of [["expected", "The documents allow"], ["actual", "Observed"], ["reason", "Reason"], ["reading", "Reading"]]) {
      if (!detail[name]) continue;
      const pair = element("div");
      pair.append(element("dt", "", title), element("dd", "", detail[name]));
      list.append(pair);
    }
    if (list.childElementCount) made.append(list);
    for (const [name, request, sent, answer, received] of detail.calls || []) {
      const wire = element("pre", "wire", [request, sent, "", answer, received].filter((each, index) => each || index === 2).join("\n"));
      wire.tabIndex = 0;
      wire.setAttribute("aria-label", name + " in " + column.label);
      wire.setAttribute("role", "group");
      made.append(element("p", "note", name), wire);
    }
    if (column.report && verdict) {
      const link = element("a", "", "in its report");
      link.href = column.report + "#" + encodeURI(row[ID]);
      made.append(link);
    }
    return made;
  }

  function renderMore(count) {
    const end = Math.min(shown + Math.max(count, 0), found.length);
    const fragments = new Map();
    for (; shown < end; shown += 1) {
      const { place } = clauses[found[shown]];
      if (!fragments.has(place)) fragments.set(place, document.createDocumentFragment());
      fragments.get(place).append(clauseRow(found[shown]));
    }
    fragments.forEach((fragment, place) => {
      bodies[place].append(fragment);
      bodies[place].parentElement.hidden = false;
    });
    byId("more").hidden = shown >= found.length;
  }

  function fits(row, words, index) {
    const [change, operation, family] = selects.map((select) => select.value);
    if (operation && row[OPERATION] !== operation) return false;
    if (family && row[FAMILY] !== family) return false;
    if (change === "differs" && !row[DIFFERS]) return false;
    if (change && change !== "differs" && !row[CELLS].some((cell) => (changeOf(cell) || []).includes(change))) return false;
    if (chosen.size && !row[CELLS].some((cell) => chosen.has(verdictOf(cell)))) return false;
    return words.every((word) => texts[index].includes(word));
  }

  function apply() {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    found = [];
    clauses.forEach(({ row }, index) => { if (fits(row, words, index)) found.push(index); });
    chips.forEach((chip, verdict) => chip.setAttribute("aria-pressed", String(chosen.has(verdict))));
    bodies.forEach((body) => { body.replaceChildren(); body.parentElement.hidden = true; });
    shown = 0;
    renderMore(PAGE);
    byId("found").textContent = found.length.toLocaleString("en") + " of " + clauses.length.toLocaleString("en") + " clauses";
    byId("reset").hidden = found.length === clauses.length;
  }

  function clear() {
    search.value = "";
    chosen.clear();
    selects.forEach((select) => { select.value = ""; });
  }

  function refine() {
    apply();
    const query = new URLSearchParams();
    if (search.value) query.set("search", search.value);
    selects.forEach((select) => { if (select.value) query.set(select.id, select.value); });
    if (chosen.size) query.set("verdict", [...chosen].join(","));
    const text = query.toString();
    history.replaceState(null, "", text ? "#?" + text : "#matrix");
  }

  function follow() {
    let hash = location.hash.slice(1);
    if (hash.startsWith("?")) {
      const query = new URLSearchParams(hash.slice(1));
      clear();
      search.value = query.get("search") || "";
      selects.forEach((select) => { select.value = query.get(select.id) || ""; });
      (query.get("verdict") || "").split(",").filter((each) => chips.has(each)).forEach((each) => chosen.add(each));
      apply();
      byId("matrix").scrollIntoView();
      return;
    }
    try { hash = decodeURIComponent(hash); } catch (error) { /* a stray percent sign: taken as it stands */ }
    if (!positions.has(hash)) return;
    const index = positions.get(hash);
    if (!found.includes(index)) {
      clear();
      apply();
    }
    renderMore(found.indexOf(index) + 1 - shown);
    const button = [...document.querySelectorAll("#tables .open-row")].find((each) => each.textContent === hash);
    document.querySelectorAll("#tables .target").forEach((each) => each.classList.remove("target"));
    button.closest("tr").classList.add("target");
    if (button.getAttribute("aria-expanded") === "false") button.click();
    button.focus({ preventScroll: true });
    button.closest("tr").scrollIntoView();
  }

  function table(group) {
    const made = element("table", "cells");
    made.append(element("caption", "", group.title));
    const line = element("tr");
    for (const title of ["Clause", ...group.columns.map((column) => column.label)]) {
      const head = element("th", "", title);
      head.scope = "col";
      line.append(head);
    }
    const head = element("thead");
    head.append(line);
    const body = element("tbody");
    made.append(head, body);
    bodies.push(body);
    byId("tables").append(made);
  }

  function options(select, values) {
    for (const value of new Set(values)) select.append(new Option(value, value));
    select.addEventListener("change", refine);
  }

  function build() {
    data.groups.forEach(table);
    const cells = clauses.flatMap(({ row }) => row[CELLS]);
    const changes = cells.map(changeOf).filter((change) => change && change[1]);
    const there = (name) => changes.some((change) => change.includes(name));
    options(byId("change"), ["worse", "better", ...data.changes.map(([name]) => name)].filter(there));
    options(byId("operation"), clauses.map(({ row }) => row[OPERATION]));
    options(byId("family"), clauses.map(({ row }) => row[FAMILY]));
    for (const verdict of data.verdicts) {
      if (!cells.some((cell) => verdictOf(cell) === verdict)) continue;
      const chip = element("button", "v-" + verdict);
      chip.type = "button";
      chip.append(icon(verdict), verdict);
      chip.addEventListener("click", () => {
        if (!chosen.delete(verdict)) chosen.add(verdict);
        refine();
      });
      chips.set(verdict, chip);
      byId("verdicts").append(chip);
    }
    search.addEventListener("input", refine);
    byId("reset").addEventListener("click", () => { clear(); refine(); search.focus(); });
    byId("more").addEventListener("click", () => renderMore(PAGE));
    document.querySelector(".filters").hidden = false;
  }

  build();
  apply();
  onSlash(search, refine);
  showing({ more: () => renderMore(PAGE), all: () => renderMore(found.length), follow });
})();
