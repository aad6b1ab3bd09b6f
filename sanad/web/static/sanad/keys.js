/* Physical keys: Alt and a key press what names that key, under any layout; ? or F1 lists them. */
(() => {
  "use strict";

  const OFF = "sanad.keys-off";
  const sheet = document.getElementById("keys");
  const isOn = () => localStorage.getItem(OFF) === null;
  const isSeen = (element) => element.offsetParent !== null && !element.closest("dialog:not([open])");
  const named = (code) =>
    [...document.querySelectorAll(code ? `[data-key="${code}"]` : "[data-key]")].filter(isSeen);
  const isTyping = (element) =>
    Boolean(element?.matches?.("input, textarea, select, [contenteditable]")) &&
    !["checkbox", "radio", "button", "submit"].includes(element.type);

  /* A fold that names a key opens, and what is in it takes the focus. */
  const press = (target) => {
    target.click();
    if (target.tagName === "SUMMARY" && target.parentElement.open) {
      target.parentElement.querySelector("input:not([type=hidden]), textarea, select, a, button")
        ?.focus();
    }
    if (target.matches("input")) target.select();
  };

  document.addEventListener("keydown", (event) => {
    if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || !isOn()) return;
    if (document.querySelector("dialog[open]")) return;
    const target = named(event.code)[0];
    if (!target) return;
    event.preventDefault();
    if (target.matches("input")) target.focus();
    press(target);
  });

  if (!sheet) return;

  const label = (element) => {
    const copy = element.cloneNode(true);
    for (const one of copy.querySelectorAll("kbd")) one.remove();
    return (element.getAttribute("aria-label") || copy.textContent || element.dataset.keyName || "")
      .replace(/\s+/g, " ").trim();
  };

  const row = (element) => {
    const line = document.createElement("div");
    const key = document.createElement("dt");
    const cap = document.createElement("kbd");
    const said = document.createElement("dd");
    cap.dir = "ltr";
    cap.textContent = `Alt+${element.dataset.key.replace(/^(Key|Digit)/, "")}`;
    said.textContent = element.dataset.keyName || label(element);
    key.append(cap);
    line.append(key, said);
    return line;
  };

  let before = null;
  const open = () => {
    if (sheet.open || document.querySelector("dialog[open]")) return;
    before = document.activeElement;
    const seen = new Set();
    const first = named().filter(({ dataset }) => !seen.has(dataset.key) && seen.add(dataset.key));
    sheet.querySelector("[data-keys-here]").replaceChildren(...first.map(row));
    sheet.querySelector("[data-keys-on]").checked = isOn();
    sheet.showModal();
    sheet.querySelector("[data-close]").focus();
  };
  sheet.addEventListener("close", () => before?.focus?.());
  sheet.querySelector("[data-close]").addEventListener("click", () => sheet.close());
  sheet.querySelector("[data-keys-on]").addEventListener("change", ({ target }) => {
    if (target.checked) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "yes");
  });
  document.getElementById("keys-open")?.addEventListener("click", open);

  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const asks = event.code === "Slash" && event.shiftKey && !isTyping(event.target);
    if (event.code !== "F1" && !asks) return;
    if (!isOn() && asks) return;
    event.preventDefault();
    open();
  });
})();
