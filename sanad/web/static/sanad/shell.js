/* What every page does besides showing itself: locking, menus, sentences for failed requests. */
(() => {
  "use strict";

  const body = document.body;
  const ACTIVE_AT = "sanad.active-at";
  const CHECK_EVERY_MS = 5000;

  /* ---- Sentences ------------------------------------------------------------------------- */

  const tell = (sentence) => {
    const box = document.createElement("div");
    box.className = "refusal";
    box.setAttribute("role", "alert");
    box.textContent = sentence;
    document.getElementById("notices").replaceChildren(box);
    box.scrollIntoView({ block: "nearest" });
  };
  document.addEventListener("htmx:sendError", () => tell(body.dataset.noAnswer));
  document.addEventListener("htmx:timeout", () => tell(body.dataset.noAnswer));
  document.addEventListener("htmx:responseError", () => tell(body.dataset.failed));
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    tell(body.dataset.keyFailed);
  });

  /* ---- Focus lands where something has to be read ---------------------------------------- */

  const focusOn = (root) => root.querySelector("[data-focus]")?.focus();
  document.addEventListener("htmx:afterSettle", (event) => focusOn(event.target));
  focusOn(document);

  /* ---- The language button returns to where htmx has led --------------------------------- */

  const stateAddress = () => {
    for (const field of document.querySelectorAll("[data-here]")) {
      field.value = location.pathname + location.search;
    }
  };
  document.addEventListener("htmx:pushedIntoHistory", stateAddress);
  document.addEventListener("htmx:replacedInHistory", stateAddress);

  /* ---- Menus ------------------------------------------------------------------------------ */

  const closeMenus = (except) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (menu !== except) menu.open = false;
    }
  };
  document.addEventListener("click", (event) => closeMenus(event.target.closest("details.menu")));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = event.target.closest?.("details.menu[open]");
    closeMenus(null);
    menu?.querySelector("summary").focus();
  });

  /* ---- Small buttons ---------------------------------------------------------------------- */

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.hasAttribute("data-print")) window.print();
    if (button.dataset.fill) {
      for (const [id, text] of Object.entries(JSON.parse(button.dataset.fill))) {
        document.getElementById(id).value = text;
      }
      document.getElementById(button.dataset.then)?.focus();
    }
  });

  /* ---- The screen lock -------------------------------------------------------------------- */

  const lock = () => {
    const form = document.getElementById("lock-form");
    if (!form) return;
    document.dispatchEvent(new Event("sanad:locking"));
    form.querySelector("[name=next]").value = location.pathname + location.search;
    form.submit();
  };
  document.addEventListener("keydown", (event) => {
    // By physical key: under an Arabic layout the same key types another letter.
    if (event.altKey && !event.ctrlKey && !event.metaKey && event.code === "KeyL") {
      event.preventDefault();
      lock();
    }
  });
  document.getElementById("lock-form")?.addEventListener("submit", () =>
    document.dispatchEvent(new Event("sanad:locking")));

  const lockAfterMs = Number(body.dataset.lockAfter) * 1000;
  if (lockAfterMs) {
    let saidAliveAt = Date.now();
    // Shared by the tabs of one browser: whoever works in one is not locked out by another.
    const active = () => localStorage.setItem(ACTIVE_AT, String(Date.now()));
    const activeAt = () => Number(localStorage.getItem(ACTIVE_AT)) || 0;
    active();
    for (const kind of ["keydown", "pointerdown", "wheel"]) {
      document.addEventListener(kind, active, { passive: true });
    }
    const sayAlive = () => {
      saidAliveAt = Date.now();
      const token = JSON.parse(body.getAttribute("hx-headers"))["X-CSRFToken"];
      fetch(body.dataset.alive, { method: "POST", headers: { "X-CSRFToken": token } });
    };
    setInterval(() => {
      const now = Date.now();
      if (now - activeAt() >= lockAfterMs) lock();
      else if (activeAt() > saidAliveAt && now - saidAliveAt > lockAfterMs / 3) sayAlive();
    }, Math.min(CHECK_EVERY_MS, lockAfterMs / 2));
  }
  /* A request that the page makes by itself is no sign of a person: mark it for the server. */
  document.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.elt.closest("[data-background]")) event.detail.headers["X-Background"] = "1";
  });
})();
