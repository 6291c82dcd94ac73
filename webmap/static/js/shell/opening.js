// Lists and cards behind a button: opened by it, closed by it, by Esc, by a click elsewhere, by leaving.

/** Tie every button with `data-opens` (an id) to what it opens. */
export function installOpenings(root = document) {
  for (const button of root.querySelectorAll("[data-opens]:not([data-tied])")) {
    button.dataset.tied = "1";
    const opened = document.getElementById(button.dataset.opens);
    if (opened !== null) installOpening(button, opened);
  }
}

/** Tie one button to what it opens; both lie in one element. */
export function installOpening(button, opened) {
  const around = button.parentElement;
  const isOpen = () => opened.dataset.open === "1";
  const set = (open) => {
    if (open) opened.dataset.open = "1";
    else delete opened.dataset.open;
    button.setAttribute("aria-expanded", String(open));
  };
  const leave = () => {
    const inside = opened.contains(document.activeElement);
    set(false);
    if (inside) button.focus();
  };
  button.addEventListener("click", () => {
    set(!isOpen());
    if (isOpen()) opened.querySelector("a, button, input, select")?.focus();
  });
  around.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !isOpen()) return;
    event.stopPropagation();
    leave();
    button.focus();
  });
  around.addEventListener("focusout", (event) => {
    if (event.relatedTarget !== null && !around.contains(event.relatedTarget)) set(false);
  });
  document.addEventListener("pointerdown", (event) => {
    if (isOpen() && !around.contains(event.target)) leave();
  });
}
