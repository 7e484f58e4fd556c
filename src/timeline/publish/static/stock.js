/* Names for the fields of Datasette's own pages that have none. */
document.addEventListener("DOMContentLoaded", () => {
  const names = { _filter_column: "Column", _filter_op: "Operation", _filter_value: "Value", _sort: "Sort by", _search: "Search", sql: "SQL" };
  for (const field of document.querySelectorAll("select, input:not([type=hidden]):not([type=submit]), textarea")) {
    if (field.labels && field.labels.length || field.getAttribute("aria-label")) continue;
    const base = (field.name || "").replace(/_\d+$/, "");
    field.setAttribute("aria-label", names[base] || field.placeholder || field.name || "Value");
  }
  for (const button of document.querySelectorAll("button:not([aria-label])")) {
    if (!button.textContent.trim()) button.setAttribute("aria-label", "Menu");
  }
  for (const link of document.querySelectorAll("a")) {
    if (!link.textContent.trim() && !link.getAttribute("aria-label")) link.setAttribute("aria-label", link.title || "Menu");
  }
});
