(() => {
  const { element, icon, prose, unfold, onSlash, showing } = parts;
  const PAGE = 60;
  const data = JSON.parse(document.getElementById("data").textContent);
  const at = Object.fromEntries(data.columns.map((name, index) => [name, index]));
  const clauses = data.rows;
  const texts = clauses.map((row) => [row[at.id], row[at.statement], row[at.reason], row[at.verdict]].join("\n").toLowerCase());
  const positions = new Map(clauses.map((row, index) => [row[at.id], index]));
  const byId = (id) => document.getElementById(id);
  const search = byId("search");
  const selects = ["operation", "family", "level"].map(byId);
  const chosen = new Set();
  const chips = new Map();
  let found = [];
  let shown = 0;

  function clauseRow(row) {
    const line = element("tr", "v-" + row[at.verdict]);
    const verdict = element("span", "verdict");
    verdict.append(icon(row[at.verdict]), row[at.verdict]);
    const first = element("td");
    first.append(verdict);
    const second = element("td");
    const link = element("a", "id", row[at.id]);
    link.href = "#" + encodeURI(row[at.id]);
    second.append(link, prose(row[at.statement]));
    line.append(first, second, element("td", "level", row[at.level]), element("td", "hits", String(row[at.hits])), element("td", "", row[at.reason]));
    return line;
  }

  function renderMore(count) {
    const fragment = document.createDocumentFragment();
    const end = Math.min(shown + Math.max(count, 0), found.length);
    for (; shown < end; shown += 1) fragment.append(clauseRow(clauses[found[shown]]));
    byId("rows").append(fragment);
    byId("more").hidden = shown >= found.length;
  }

  function matches(row, index, words) {
    if (chosen.size && !chosen.has(row[at.verdict])) return false;
    if (selects.some((select) => select.value && row[at[select.id]] !== select.value)) return false;
    return words.every((word) => texts[index].includes(word));
  }

  function apply() {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    found = [];
    clauses.forEach((row, index) => {
      if (matches(row, index, words)) found.push(index);
    });
    chips.forEach((chip, verdict) => chip.setAttribute("aria-pressed", String(chosen.has(verdict))));
    byId("rows").replaceChildren();
    shown = 0;
    renderMore(PAGE);
    byId("found").textContent = found.length.toLocaleString("en") + " of " + clauses.length.toLocaleString("en") + " clauses";
    byId("reset").hidden = found.length === clauses.length && !search.value && !chosen.size && selects.every((each) => !each.value);
  }

  function clear() {
    search.value = "";
    chosen.clear();
    selects.forEach((select) => { select.value = ""; });
  }

  function remember() {
    const query = new URLSearchParams();
    if (search.value) query.set("search", search.value);
    selects.forEach((select) => { if (select.value) query.set(select.id, select.value); });
    if (chosen.size) query.set("verdict", [...chosen].join(","));
    const text = query.toString();
    history.replaceState(null, "", text ? "#?" + text : "#clauses");
  }

  function changed() {
    apply();
    remember();
  }

  function follow() {
    const hash = location.hash.slice(1);
    if (hash.startsWith("?")) {
      const query = new URLSearchParams(hash.slice(1));
      clear();
      search.value = query.get("search") || "";
      selects.forEach((select) => { select.value = query.get(select.id) || ""; });
      (query.get("verdict") || "").split(",").filter((each) => chips.has(each)).forEach((each) => chosen.add(each));
      apply();
      byId("clauses").scrollIntoView();
      return;
    }
    let id = hash;
    try { id = decodeURIComponent(hash); } catch (error) { /* a stray percent sign: taken as it stands */ }
    const place = id && byId(id);
    if (place) {
      unfold(place);
      // What is focused is what the next press of a key is about; a section of the contents has nothing to focus.
      if (place.tabIndex === -1 && place.hasAttribute("tabindex")) place.focus({ preventScroll: true });
      place.scrollIntoView();
      // Sections that come into sight take their real height then, which moves the place.
      requestAnimationFrame(() => requestAnimationFrame(() => place.scrollIntoView()));
    } else if (positions.has(id)) {
      clear();
      search.value = id;
      apply();
      // Other ids may hold this one, so that its row need not be the first.
      renderMore(found.indexOf(positions.get(id)) + 1 - shown);
      const link = [...byId("rows").querySelectorAll("a.id")].find((each) => each.textContent === id);
      link.closest("tr").classList.add("target");
      byId("clauses").scrollIntoView();
      link.focus({ preventScroll: true });
    }
  }

  function build() {
    for (const select of selects) {
      const values = new Set(clauses.map((row) => row[at[select.id]]));
      for (const value of values) select.append(new Option(value, value));
      select.addEventListener("change", changed);
    }
    for (const verdict of data.order) {
      const count = clauses.filter((row) => row[at.verdict] === verdict).length;
      if (!count) continue;
      const chip = element("button", "v-" + verdict);
      chip.type = "button";
      chip.append(icon(verdict), verdict + " ", element("b", "", count.toLocaleString("en")));
      chip.addEventListener("click", () => {
        if (!chosen.delete(verdict)) chosen.add(verdict);
        changed();
      });
      chips.set(verdict, chip);
      byId("verdicts").append(chip);
    }
    search.addEventListener("input", changed);
    byId("reset").addEventListener("click", () => { clear(); changed(); search.focus(); });
    byId("more").addEventListener("click", () => renderMore(PAGE));
    document.querySelector(".filters").hidden = false;
    document.querySelector(".clauses").hidden = false;
  }

  function copying() {
    for (const button of document.querySelectorAll(".copy")) {
      button.hidden = false;
      button.addEventListener("click", async () => {
        const pre = button.parentElement.querySelector("pre");
        let done = true;
        try {
          await navigator.clipboard.writeText(pre.textContent);
        } catch (error) {
          const range = document.createRange();
          range.selectNodeContents(pre);
          getSelection().removeAllRanges();
          getSelection().addRange(range);
          done = document.execCommand("copy");
        }
        button.textContent = done ? "Copied" : "Selected";
        setTimeout(() => { button.textContent = "Copy"; }, 1600);
      });
    }
  }

  build();
  apply();
  copying();
  onSlash(search, changed);
  showing({ more: () => renderMore(PAGE), all: () => renderMore(found.length), follow });
})();
