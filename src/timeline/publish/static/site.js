/* Everything here makes a page quicker to use; each page works without it. */
(() => {
  "use strict";
  const $ = (id) => document.getElementById(id);

  // Two handles under the histogram choose the years.
  const handles = document.querySelector(".handles");
  const form = $("choose");
  if (handles && form) {
    const first = $("first"), last = $("last"), picked = $("picked");
    const names = handles.dataset.names.split("|");
    const from = handles.dataset.from.split("|"), to = handles.dataset.to.split("|");
    const began = first.value + "-" + last.value;
    handles.hidden = false;
    const show = (moved) => {
      if (+first.value > +last.value) (moved === first ? last : first).value = moved.value;
      const a = names[first.value], b = names[last.value];
      first.setAttribute("aria-valuetext", "from " + a);
      last.setAttribute("aria-valuetext", "to " + b);
      picked.textContent = a === b ? a : a + " to " + b;
    };
    const go = () => {
      if (first.value + "-" + last.value === began) return;
      const all = +first.value === 0 && +last.value === names.length - 1;
      $("from").value = all ? "" : from[first.value];
      $("to").value = all ? "" : to[last.value];
      form.requestSubmit();
    };
    let waiting;
    for (const handle of [first, last]) {
      handle.addEventListener("input", () => show(handle));
      // A key moves one bar: wait until the hand rests.
      handle.addEventListener("change", () => { clearTimeout(waiting); waiting = setTimeout(go, 600); });
      handle.addEventListener("pointerup", () => { clearTimeout(waiting); waiting = setTimeout(go, 0); });
      handle.addEventListener("keydown", (e) => { if (e.key === "Enter") { clearTimeout(waiting); go(); } });
    }
    show();
  }

  // Empty fields say nothing: keep them out of the address.
  for (const f of document.querySelectorAll("form[method=get]")) {
    f.addEventListener("submit", () => {
      for (const field of f.elements) if (field.name && !field.value) field.disabled = true;
    });
  }
  addEventListener("pageshow", () => {
    for (const field of document.querySelectorAll("form [disabled]")) field.disabled = false;
  });

  // On a phone the filters are folded at first.
  const fold = document.querySelector(".fold");
  if (fold && matchMedia("(max-width: 56rem)").matches) fold.open = false;

  // A citation is one press away.
  for (const pre of document.querySelectorAll("#cite-text, details pre")) {
    if (!navigator.clipboard) break;
    const button = document.createElement("button");
    button.textContent = "Copy";
    button.className = "copy";
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(pre.textContent.trim());
      button.textContent = "Copied";
      setTimeout(() => { button.textContent = "Copy"; }, 1500);
    });
    pre.after(button);
  }
})();
