// The color scheme, set before the first paint; panels that close when one looks elsewhere; numbers that follow their
// sliders; texts that are copied by a button; where one is. Pages work without it.
(() => {
  "use strict";
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");

  // Private windows may refuse the storage; then the system's wish counts.
  const chosen = () => {
    try { return localStorage.getItem("scheme") || "auto"; } catch { return "auto"; }
  };
  const keep = (scheme) => {
    try { localStorage.setItem("scheme", scheme); } catch { /* it lasts for this page */ }
  };
  const wear = (scheme) => {
    const dark = scheme === "dark" || (scheme === "auto" && system.matches);
    root.setAttribute("data-bs-theme", dark ? "dark" : "light");
    for (const button of document.querySelectorAll("[data-scheme]")) {
      button.setAttribute("aria-pressed", String(button.dataset.scheme === scheme));
    }
  };

  wear(chosen());
  system.addEventListener("change", () => wear(chosen()));

  document.addEventListener("DOMContentLoaded", () => {
    for (const group of document.querySelectorAll(".schemes, [data-copy]")) group.hidden = false;
    for (const zone of document.querySelectorAll("[data-zone]")) {
      zone.value = Intl.DateTimeFormat().resolvedOptions().timeZone || "";
    }
    for (const range of document.querySelectorAll("input[data-for]")) {
      range.hidden = false;
      range.value = document.getElementById(range.dataset.for).value;
    }
    wear(chosen());
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-scheme]");
    if (button) {
      keep(button.dataset.scheme);
      wear(button.dataset.scheme);
    }
    for (const drop of document.querySelectorAll("details.drop[open]")) {
      if (!drop.contains(event.target)) drop.open = false;
    }
    const copy = event.target.closest("[data-copy]");
    if (copy) {
      const field = document.getElementById(copy.dataset.copy);
      field.select();
      const done = () => { copy.firstChild.textContent = copy.dataset.copied; };
      // Where the clipboard is not given, the text is selected, and the keyboard copies it.
      if (navigator.clipboard) navigator.clipboard.writeText(field.value).then(done, () => {});
    }
  });
  document.addEventListener("input", (event) => {
    const { id, type, value } = event.target;
    if (type === "number") {
      const range = document.querySelector(`input[data-for="${id}"]`);
      if (range) range.value = value;
    }
    if (type !== "range") return;
    if (event.target.dataset.for) document.getElementById(event.target.dataset.for).value = value;
    const output = document.querySelector(`output[for="${id}"]`);
    if (output) output.value = value;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const drop of document.querySelectorAll("details.drop[open]")) {
      drop.open = false;
      drop.querySelector("summary").focus();
    }
  });
})();
