/* A slider's value stands beside it while it moves; letting go asks for the map. */
(() => {
  "use strict";

  document.addEventListener("input", ({ target }) => {
    const said = target.matches?.("input[type=range]")
      && document.querySelector(`output[data-of="${target.id}"]`);
    if (said) (said.querySelector("bdi") || said).textContent = target.value;
  });
})();
