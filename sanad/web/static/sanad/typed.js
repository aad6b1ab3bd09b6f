/* What was typed survives a change of language and a locked screen.

   Values live in sessionStorage of this tab only while such a change is under way: the page that
   comes next either puts them back or forgets them. Passwords, files, one-time codes and
   everything inside [data-private] are never kept. */
(() => {
  "use strict";

  const PREFIX = "sanad.typed:";
  const DRAFT = "sanad.draft:";
  const RETURNING = "sanad.returning";
  const NEVER = new Set(["password", "file", "hidden", "submit", "button", "reset", "image"]);
  let waiting = null;

  const place = () => PREFIX + location.pathname;

  /* The unlock page: what was typed elsewhere waits behind it, and nothing of its own is kept. */
  const isStop = () => document.body.hasAttribute("data-keep-typed-stop");

  const isKept = (field) =>
    field.name &&
    !NEVER.has(field.type) &&
    !field.closest("[data-private]") &&
    field.autocomplete !== "one-time-code";

  const fields = (root) =>
    [...root.querySelectorAll("input, textarea, select")].filter(isKept);

  const isChoice = (field) => field.type === "checkbox" || field.type === "radio";

  /* Two fields of one name in one form are told apart by their order. */
  const named = (root) => {
    const seen = new Map();
    return fields(root).map((field) => {
      const form = field.form ? field.form.id || field.form.getAttribute("action") || "" : "";
      const choice = isChoice(field) ? field.value : "";
      const base = JSON.stringify([form, field.name, choice]);
      const count = seen.get(base) || 0;
      seen.set(base, count + 1);
      return [`${base}#${count}`, field];
    });
  };

  const isChanged = (field) => {
    // A page drawn in answer to a form already shows what was typed as its own.
    if (document.body.dataset.method !== "GET") return isChoice(field) || field.value !== "";
    if (isChoice(field)) return field.checked !== field.defaultChecked;
    if (field.tagName === "SELECT") {
      return [...field.options].some((option) => option.selected !== option.defaultSelected);
    }
    return field.value !== field.defaultValue;
  };

  const value = (field) => (isChoice(field) ? field.checked : field.value);

  const keep = () => {
    const kept = named(document).filter(([, field]) => isChanged(field));
    const values = Object.fromEntries(kept.map(([key, field]) => [key, value(field)]));
    // What is still waiting for a form that has not been drawn yet stays kept.
    sessionStorage.setItem(place(), JSON.stringify({ ...waiting, ...values }));
  };

  const forget = () => {
    for (const key of Object.keys(sessionStorage)) {
      if (key.startsWith(PREFIX)) sessionStorage.removeItem(key);
    }
    sessionStorage.removeItem(RETURNING);
    waiting = null;
  };

  /* Drafts that never reached the server belong to whoever sat here. */
  const forgetDrafts = () => {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith(DRAFT)) localStorage.removeItem(key);
    }
  };

  const put = (field, kept) => {
    if (isChoice(field)) field.checked = kept;
    else field.value = kept;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  };

  const putBack = () => {
    if (!waiting) return;
    for (const [key, field] of named(document)) {
      if (!(key in waiting)) continue;
      const kept = waiting[key];
      delete waiting[key];
      if (value(field) !== kept) put(field, kept);
    }
    if (!Object.keys(waiting).length) waiting = null;
  };

  const startPage = () => {
    if (document.querySelector("[data-nobody]")) forgetDrafts();
    if (isStop()) return sessionStorage.setItem(RETURNING, "yes");
    const kept = sessionStorage.getItem(RETURNING) && sessionStorage.getItem(place());
    forget();
    waiting = kept ? JSON.parse(kept) : null;
    putBack();
  };

  document.addEventListener("submit", ({ target: form }) => {
    if (form.matches("[data-forget-typed]")) {
      forgetDrafts();
      return forget();
    }
    if (form.matches("[data-keep-typed]")) sessionStorage.setItem(RETURNING, "yes");
    // A form sent to a screen that turns out to be locked is not lost; any other page forgets it.
    if (form.method === "post" && !isStop()) keep();
  });
  document.addEventListener("sanad:locking", keep);
  document.addEventListener("htmx:afterSettle", putBack);

  /* Back never shows a page out of the browser's memory: it may be of somebody who has left. */
  window.addEventListener("pageshow", ({ persisted }) => {
    if (persisted) location.reload();
  });

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", startPage);
  else startPage();
})();
