/* What is typed into a request's form reaches the server while it is typed.

   A field is saved a second after the last key, at the latest two seconds after the first that is
   not saved. Until the server has it, it is kept in this browser, so that a killed tab or a dead
   line loses nothing; what is [data-private], such as a civil number, is never kept. */
(() => {
  "use strict";

  const form = document.getElementById("case-form");
  const address = form?.dataset.draft;
  if (!address) return;
  const PLACE = `sanad.draft:${address}`;
  const AFTER_MS = 1000;
  const AT_LATEST_MS = 2000;
  const waiting = new Map();

  const read = () => JSON.parse(localStorage.getItem(PLACE) || "{}");
  const write = (kept) => {
    if (Object.keys(kept).length) localStorage.setItem(PLACE, JSON.stringify(kept));
    else localStorage.removeItem(PLACE);
  };
  const keep = (field) => {
    if (!field.closest("[data-private]")) write({ ...read(), [field.name]: field.value });
  };
  /* Only what was sent is forgotten; more may have been typed meanwhile. */
  const forget = (name, sent) => {
    const { [name]: kept, ...others } = read();
    if (kept === sent) write(others);
  };

  const show = async (answer) => {
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const said = page.getElementById("saved");
    if (said) document.getElementById("saved")?.replaceChildren(...said.childNodes);
  };

  const save = async (name) => {
    clearTimeout(waiting.get(name)?.timer);
    waiting.delete(name);
    const field = form.elements[name];
    if (!field) return;
    const sent = field.value;
    const token = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
    const answer = await fetch(address, {
      method: "POST",
      headers: { "X-CSRFToken": token, "HX-Trigger-Name": name, "HX-Request": "true" },
      body: new URLSearchParams({ [name]: sent }),
      keepalive: true,
    }).catch(() => null);
    if (!answer?.ok || answer.redirected) return;
    forget(name, sent);
    show(answer);
  };

  form.addEventListener("input", ({ target }) => {
    if (!target.name || target.type === "hidden") return;
    keep(target);
    const before = waiting.get(target.name);
    clearTimeout(before?.timer);
    const since = before?.since ?? Date.now();
    const left = Math.max(0, Math.min(AFTER_MS, since + AT_LATEST_MS - Date.now()));
    waiting.set(target.name, { since, timer: setTimeout(save, left, target.name) });
  });
  /* The field's own saving, when it is left, has it all. */
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    const field = detail.elt;
    if (!detail.successful || !form.contains(field) || !field.name) return;
    clearTimeout(waiting.get(field.name)?.timer);
    waiting.delete(field.name);
    forget(field.name, detail.requestConfig?.parameters?.[field.name] ?? field.value);
  });
  /* The form itself takes everything along; any other way on lets what waits go first. */
  document.addEventListener("submit", ({ target }) => {
    for (const [name, { timer }] of waiting) {
      if (target === form) clearTimeout(timer);
      else save(name);
    }
  });
  document.addEventListener("sanad:locking", () => [...waiting.keys()].forEach(save));

  /* What an earlier page could not bring to the server comes back into its fields. */
  for (const [name, value] of Object.entries(read())) {
    const field = form.elements[name];
    if (field && field.value !== value) {
      field.value = value;
      save(name);
    } else forget(name, value);
  }
})();
