/* The signature on the client's screen. */
(() => {
  "use strict";

  /* Signing: strokes become "x,y x,y;x,y …" in the page's own pixels. */
  const pad = document.getElementById("pad");
  if (!pad) return;
  const pen = pad.getContext("2d");
  const into = document.getElementById(pad.dataset.into);
  const strokes = [];
  let drawing = false;

  const at = (event) => {
    const box = pad.getBoundingClientRect();
    return [
      Math.round(((event.clientX - box.left) * pad.width) / box.width),
      Math.round(((event.clientY - box.top) * pad.height) / box.height),
    ];
  };
  const write = () => {
    into.value = strokes.map((line) => line.map((point) => point.join(",")).join(" ")).join(";");
  };
  pad.addEventListener("pointerdown", (event) => {
    drawing = true;
    pad.setPointerCapture(event.pointerId);
    strokes.push([at(event)]);
    event.preventDefault();
  });
  pad.addEventListener("pointermove", (event) => {
    if (!drawing) return;
    const line = strokes[strokes.length - 1];
    const [x, y] = at(event);
    const [fromX, fromY] = line[line.length - 1];
    pen.lineWidth = 3;
    pen.lineCap = "round";
    pen.strokeStyle = "#10312c";
    pen.beginPath();
    pen.moveTo(fromX, fromY);
    pen.lineTo(x, y);
    pen.stroke();
    line.push([x, y]);
  });
  const lift = () => {
    drawing = false;
    write();
  };
  pad.addEventListener("pointerup", lift);
  pad.addEventListener("pointercancel", lift);
  document.querySelector("[data-clear-pad]").addEventListener("click", () => {
    strokes.length = 0;
    pen.clearRect(0, 0, pad.width, pad.height);
    write();
  });
})();
