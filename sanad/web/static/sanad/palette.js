/* Ctrl+K: everything of the page and the menu, and what the server finds for the words. */
(() => {
  "use strict";

  const sheet = document.getElementById("palette");
  if (!sheet) return;
  const words = document.getElementById("palette-words");
  const list = document.getElementById("palette-list");
  const said = document.getElementById("palette-said");
  const ACTIONS =
    "[data-key], .page-links a, .menu-body .menu-item, [data-places] a, button[name=language]";
  const MOST_ACTIONS = 6;
  let before = null;
  let actions = [];
  let asked = null;
  let isAwaited = false;

  /* Letters that are written in more than one way are one letter. */
  const fold = (text) =>
    text.normalize("NFKC").toLowerCase()
      .replace(/[\u064b-\u0652\u0640]/g, "").replace(/[أإآٱ]/g, "ا").replace(/ة/g, "ه").replace(/ى/g, "ي")
      .replace(/\s+/g, " ").trim();

  const label = (element) => {
    const copy = element.cloneNode(true);
    for (const one of copy.querySelectorAll("kbd")) one.remove();
    return (element.dataset.keyName || element.getAttribute("aria-label") || copy.textContent)
      .replace(/\s+/g, " ").trim();
  };

  /* Fold-outs of the menu count as there; what the page itself hides does not. */
  const isThere = (element) =>
    element.closest(".menu-body, [data-places]") ||
    (element.offsetParent !== null && !element.closest("dialog"));

  const collect = () => {
    const seen = new Set();
    const found = [...document.querySelectorAll(ACTIONS)].filter(isThere);
    // What can be done here comes before the ways elsewhere.
    return [...found.filter((one) => one.dataset.key), ...found.filter((one) => !one.dataset.key)]
      .map((element) => ({ element, text: label(element), key: element.dataset.key }))
      .filter(({ text }) => text && !seen.has(text) && seen.add(text));
  };

  const option = ({ element, text, key }) => {
    const line = document.createElement("li");
    const name = document.createElement("strong");
    line.setAttribute("role", "option");
    name.textContent = text;
    line.append(name);
    if (key) {
      const cap = document.createElement("kbd");
      cap.dir = "ltr";
      cap.textContent = `Alt+${key.replace(/^(Key|Digit)/, "")}`;
      line.append(cap);
    }
    line.act = () => (element.matches("input") ? element.focus() : element.click());
    return line;
  };

  const options = () => [...list.querySelectorAll("[role=option]")];
  const active = () => list.querySelector("[aria-selected=true]");
  const mark = (line) => {
    active()?.setAttribute("aria-selected", "false");
    if (!line) return words.removeAttribute("aria-activedescendant");
    line.setAttribute("aria-selected", "true");
    words.setAttribute("aria-activedescendant", line.id);
    line.scrollIntoView({ block: "nearest" });
  };
  const number = () => options().forEach((line, index) => { line.id = `palette-${index}`; });

  const draw = () => {
    const typed = fold(words.value);
    const fitting = actions.filter(({ text }) => typed.split(" ").every((one) => fold(text).includes(one)));
    list.replaceChildren(...(typed ? fitting.slice(0, MOST_ACTIONS) : fitting).map(option));
    number();
    mark(options()[0]);
    ask(words.value.trim());
  };

  const ask = async (typed) => {
    asked?.abort();
    isAwaited = false;
    said.textContent = "";
    if (typed.length < 2) return;
    asked = new AbortController();
    const address = `${sheet.dataset.url}?q=${encodeURIComponent(typed)}`;
    const answer = await fetch(address, { signal: asked.signal }).catch(() => null);
    if (!answer?.ok || answer.redirected || typed !== words.value.trim()) return;
    const found = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (typed !== words.value.trim()) return;
    list.append(...found.body.children);
    number();
    if (!active()) mark(options()[0]);
    said.textContent = options().length ? "" : sheet.dataset.none;
    if (isAwaited) choose(active());
  };

  const seat = (line) => {
    const form = document.createElement("form");
    const token = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
    const values = { csrfmiddlewaretoken: token, do: "choose", person: line.dataset.person };
    form.method = "post";
    form.action = line.dataset.post;
    for (const [name, value] of Object.entries(values)) {
      const field = document.createElement("input");
      Object.assign(field, { type: "hidden", name, value });
      form.append(field);
    }
    document.body.append(form);
    form.submit();
  };

  const choose = (line) => {
    if (!line) return;
    before = null;
    sheet.close();
    if (line.act) line.act();
    else if (line.dataset.post) seat(line);
    else location.assign(line.dataset.go);
  };

  const open = () => {
    if (sheet.open) return sheet.close();
    if (document.querySelector("dialog[open]")) return;
    before = document.activeElement;
    actions = collect();
    words.value = "";
    sheet.showModal();
    words.focus();
    draw();
  };
  /* Nothing of whom was looked for stays behind. */
  sheet.addEventListener("close", () => {
    asked?.abort();
    words.value = "";
    list.replaceChildren();
    before?.focus?.();
  });
  words.addEventListener("input", draw);
  words.addEventListener("keydown", (event) => {
    const all = options();
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.code];
    if (step && all.length) {
      event.preventDefault();
      mark(all[(all.indexOf(active()) + step + all.length) % all.length]);
    }
    if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      isAwaited = !active();
      choose(active());
    }
  });
  list.addEventListener("click", ({ target }) => choose(target.closest("[role=option]")));
  document.getElementById("palette-open")?.addEventListener("click", open);
  document.addEventListener("keydown", (event) => {
    if (event.code !== "KeyK" || event.altKey || event.shiftKey) return;
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    open();
  });
})();
