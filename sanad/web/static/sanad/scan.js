/* A scanner is a keyboard that types faster than anybody: its bursts are read by physical key, from
   any focus and under any layout, and what they typed into a field is taken out again. Words with a
   space are no code: a program that fills a name in for somebody is left alone. */
(() => {
  "use strict";

  const home = document.getElementById("palette");
  if (!home?.dataset.scan) return;
  const GAP_MS = 35;
  const LEAST = 8;
  const NEXT_LINE_MS = 400;
  const PLAIN = {
    Minus: "-_", Equal: "=+", Slash: "/?", Period: ".>", Comma: ",<", Semicolon: ";:",
    IntlBackslash: "<>", Space: "  ", Backquote: "`~", Quote: "'\"", BracketLeft: "[{",
    BracketRight: "]}", Backslash: "\\|", NumpadDecimal: "..", NumpadSubtract: "--",
    Digit1: "1!", Digit2: "2@", Digit3: "3#", Digit4: "4$", Digit5: "5%", Digit6: "6^",
    Digit7: "7&", Digit8: "8*", Digit9: "9(", Digit0: "0)",
  };
  let burst = null;
  let lines = [];
  let timer = null;
  let isBusy = false;

  const typed = ({ code, shiftKey }) => {
    const letter = /^Key([A-Z])$/.exec(code)?.[1];
    if (letter) return shiftKey ? letter : letter.toLowerCase();
    const pad = /^Numpad([0-9])$/.exec(code)?.[1];
    return pad ?? PLAIN[code]?.[shiftKey ? 1 : 0];
  };

  const begin = (field, at) => {
    const isField = field?.matches?.("input, textarea") && typeof field.value === "string";
    return { text: "", at, field: isField ? field : null, before: isField ? field.value : "" };
  };

  const takeOut = ({ field, before }) => {
    if (!field || field.value === before) return;
    field.value = before;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };

  const tell = (sentence) => {
    const box = document.createElement("div");
    box.className = "refusal";
    box.setAttribute("role", "alert");
    box.textContent = sentence;
    document.getElementById("notices").replaceChildren(box);
  };

  const send = (address, fields, token) => {
    const form = document.createElement("form");
    form.method = "post";
    form.action = address;
    for (const [name, value] of Object.entries({ ...fields, csrfmiddlewaretoken: token })) {
      const field = document.createElement("input");
      Object.assign(field, { type: "hidden", name, value });
      form.append(field);
    }
    document.body.append(form);
    form.submit();
  };

  const deliver = async () => {
    const text = lines.join("\n");
    lines = [];
    if (isBusy) return;
    isBusy = true;
    const token = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
    const answer = await fetch(home.dataset.scan, {
      method: "POST", headers: { "X-CSRFToken": token }, body: new URLSearchParams({ text }),
    }).catch(() => null);
    const said = answer && !answer.redirected ? await answer.json().catch(() => ({})) : {};
    isBusy = false;
    if (said.go) location.assign(said.go);
    else if (said.post) send(said.post, said.fields, token);
    else tell(said.sentence || document.body.dataset.noAnswer);
  };

  /* The lines of a passport come one after the other. */
  const take = (text) => {
    lines.push(text);
    clearTimeout(timer);
    if (text.includes("<") && lines.length < 3) timer = setTimeout(deliver, NEXT_LINE_MS);
    else deliver();
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) burst = null;
    if (event.ctrlKey || event.altKey || event.metaKey || event.key === "Shift") return;
    const isQuick = burst && event.timeStamp - burst.at < GAP_MS;
    if (event.code === "Enter" || event.code === "NumpadEnter" || event.code === "Tab") {
      const isCode = isQuick && burst.text.length >= LEAST && !burst.text.includes(" ");
      if (!isCode) return void (burst = null);
      event.preventDefault();
      event.stopImmediatePropagation();
      takeOut(burst);
      take(burst.text);
      burst = null;
      return;
    }
    const character = typed(event);
    if (character === undefined) return void (burst = null);
    if (!isQuick) burst = begin(event.target, event.timeStamp);
    burst.text += character;
    burst.at = event.timeStamp;
  }, true);
})();
