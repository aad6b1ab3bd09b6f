/* The focus is where the next key goes: through the checklist, the form, and on. */
(() => {
  "use strict";

  const form = () => document.getElementById("case-form");
  const isAsked = (field) =>
    field.required && !field.value && field.type !== "hidden" && field.offsetParent !== null;

  const next = () =>
    form()?.querySelector("[aria-invalid]") ||
    document.querySelector("#documents [data-needed]") ||
    (form() && [...form().elements].find(isAsked)) ||
    form()?.querySelector(".btn-primary");

  const isFree = () => document.activeElement === document.body || !document.activeElement;

  if (isFree() && !document.querySelector("[autofocus], [data-focus]")) next()?.focus();

  document.addEventListener("htmx:afterSettle", ({ target }) => {
    if (target.id === "documents" && !target.querySelector("[data-focus]")) next()?.focus();
  });

  /* Enter goes on to the next field; the last one leads to the button, which a further Enter presses. */
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || event.altKey || event.ctrlKey) return;
    const field = event.target;
    const home = field.closest?.("form[data-enter-moves]");
    if (!home || !field.matches("input, select") || field.type === "submit") return;
    event.preventDefault();
    const steps = [...home.elements].filter(
      (one) => one.offsetParent !== null && one.matches("input, select, textarea, .btn-primary"));
    const after = steps.slice(steps.indexOf(field) + 1);
    (after[0] || field).focus();
    if (after[0]?.select) after[0].select();
  });

  /* The waiting list keeps itself fresh, unless somebody is in the middle of it. */
  const list = document.querySelector("[data-refresh]");
  if (!list) return;
  const isInUse = () =>
    document.hidden || !list.isConnected || list.contains(document.activeElement) || list.querySelector("details[open]");
  setInterval(async () => {
    if (isInUse()) return;
    const answer = await fetch(list.dataset.refresh, { headers: { "X-Background": "1" } })
      .catch(() => null);
    if (!answer?.ok || answer.redirected || isInUse()) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!isInUse()) list.replaceChildren(...fresh.body.children);
  }, Number(list.dataset.refreshMs));
})();
