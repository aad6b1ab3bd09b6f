/* Arrow keys on a bar move it a quarter, in the direction in which the page is read. */
(() => {
  "use strict";

  document.addEventListener("keydown", (event) => {
    const bar = event.target.closest?.("[data-bar]");
    if (event.target !== bar || !["ArrowLeft", "ArrowRight"].includes(event.key)) return;
    const onward = document.documentElement.dir === "rtl" ? "ArrowLeft" : "ArrowRight";
    const button = bar.querySelector(`button[value="${event.key === onward ? "later" : "earlier"}"]`);
    event.preventDefault();
    if (bar.dataset.busy) return;
    bar.dataset.busy = "yes";
    button.form.requestSubmit(button);
  });
})();
