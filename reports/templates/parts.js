"use strict";
const parts = (() => {
  const SVG = "http://www.w3.org/2000/svg";

  function element(tag, className, text) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  }

  function icon(verdict) {
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("class", "icon");
    svg.setAttribute("aria-hidden", "true");
    const use = document.createElementNS(SVG, "use");
    use.setAttribute("href", "#i-" + verdict);
    svg.append(use);
    return svg;
  }

  function prose(text) {
    const made = element("p");
    const parts = text.split("`");
    if (parts.length % 2 === 0) made.textContent = text;
    else made.append(...parts.map((part, index) => (index % 2 ? element("code", "", part) : part)));
    return made;
  }

  // Opens all that hides a place, and what folds inside of it.
  function unfold(place) {
    for (let each = place; each; each = each.parentElement) if (each.tagName === "DETAILS") each.open = true;
    if (place.classList.contains("finding")) place.querySelectorAll("details").forEach((each) => { each.open = true; });
  }

  // A slash leads to the search, Escape empties it.
  function onSlash(search, changed) {
    document.addEventListener("keydown", (event) => {
      const typing = event.target.matches("input, select, textarea");
      if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
        event.preventDefault();
        search.focus();
        search.select();
      } else if (event.key === "Escape" && event.target === search) {
        search.value = "";
        changed();
      }
    });
  }

  // A long page shows more as its end comes near, all of it in print, and the clause that its address names.
  function showing({ more, all, follow }) {
    new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) more();
    }, { rootMargin: "600px" }).observe(document.querySelector(".more"));
    addEventListener("hashchange", follow);
    addEventListener("beforeprint", () => {
      all();
      document.querySelectorAll("main details").forEach((each) => { each.open = true; });
    });
    if (location.hash) follow();
  }

  return { element, icon, prose, unfold, onSlash, showing };
})();
