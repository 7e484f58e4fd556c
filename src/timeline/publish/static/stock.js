/* An icon (ICON stands before this), names, roles and a language for Datasette's own pages. */
(() => {
  "use strict";
  const names = { _filter_column: "Column", _filter_op: "Operation", _filter_value: "Value", _sort: "Sort by", _search: "Search", sql: "SQL" };
  const icon = document.createElement("link");
  icon.rel = "icon";
  icon.href = ICON;
  document.head.append(icon);
  const mend = () => {
    document.documentElement.lang ||= "en";
    const main = document.querySelector("section.content");
    if (main && !document.querySelector("main")) main.setAttribute("role", "main");
    for (const h of document.querySelectorAll("h3")) h.setAttribute("aria-level", "2");
    for (const field of document.querySelectorAll("select, textarea, input:not([type=hidden], [type=submit])")) {
      if (field.labels?.length || field.getAttribute("aria-label")) continue;
      const base = (field.name || "").replace(/_\d+$/, "");
      field.setAttribute("aria-label", names[base] || field.placeholder || field.name || "SQL");
    }
    for (const editor of document.querySelectorAll(".cm-content")) editor.setAttribute("aria-label", "SQL");
    // What scrolls sideways can be reached by keyboard.
    for (const wide of document.querySelectorAll(".table-wrapper")) {
      wide.tabIndex = 0;
      wide.setAttribute("role", "region");
      wide.setAttribute("aria-label", "Rows");
    }
    for (const part of document.querySelectorAll("a, button, summary")) {
      if (!part.textContent.trim() && !part.getAttribute("aria-label")) part.setAttribute("aria-label", part.title || "Menu");
    }
  };
  // The words for each column stand before the rows: fold them.
  const fold = () => {
    for (const list of document.querySelectorAll("dl.column-descriptions")) {
      const details = document.createElement("details");
      details.innerHTML = "<summary>What the columns hold</summary>";
      list.replaceWith(details);
      details.append(list);
    }
  };
  // The way back to our pages stands open; Datasette keeps it in a menu.
  const lead = () => {
    const menu = document.querySelector(".nav-menu"), links = [...document.querySelectorAll(".nav-menu-inner li a")].slice(0, 4);
    if (!menu || !links.length) return;
    const ours = document.createElement("span");
    ours.className = "ours";
    ours.append(...links.flatMap((link) => [link.cloneNode(true), " "]));
    menu.after(ours);
  };
  // The editor of queries of 0.65 is 340 KB of script: it comes when somebody means to write one.
  const write = () => {
    const held = document.getElementById("editor-parts"), field = document.querySelector("textarea#sql-editor");
    if (!held || !field) return;
    field.addEventListener("focus", async () => {
      for (const part of [...document.importNode(held.content, true).children]) {
        const loaded = part.src && new Promise((go) => { part.onload = part.onerror = go; });
        document.head.append(part);
        await loaded;
      }
      window.onload?.();
      mend();
      document.querySelector(".CodeMirror textarea, .cm-content")?.focus();
    }, { once: true });
  };
  document.addEventListener("DOMContentLoaded", () => { mend(); fold(); lead(); write(); });
  // That of 1.0 comes later than this.
  addEventListener("load", () => setTimeout(mend, 0));
})();
