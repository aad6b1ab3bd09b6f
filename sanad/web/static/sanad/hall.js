/* The tablet forgets whoever walks away: after some seconds without a touch it starts again. */
(() => {
  "use strict";

  const { resetAfter, resetTo } = document.body.dataset;
  if (!resetAfter) return;

  const start = () => location.replace(resetTo);
  let timer = 0;
  const touched = () => {
    clearTimeout(timer);
    timer = setTimeout(start, Number(resetAfter) * 1000);
  };
  for (const sign of ["pointerdown", "keydown", "input"]) document.addEventListener(sign, touched);
  // A page that the browser kept for its back button would show somebody else's ticket.
  window.addEventListener("pageshow", (event) => event.persisted && start());
  touched();
})();
