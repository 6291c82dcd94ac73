// The top bar fits at every width: words go first, then the steps of the place and the menu fold.

const PHONE = "(max-width: 640px)";
const WIDE_FOLDS = ["", "words", "words crumbs", "words menu", "words menu crumbs"];
const PHONE_FOLDS = ["words menu", "words menu crumbs"];

/** Fold the bar as far as its width asks for, now and whenever width or place change. */
export function installTopBar(bar = document.getElementById("topbar")) {
  if (bar === null) return;
  const crumbs = bar.querySelector("#crumbs");
  const fold = () => fit(bar, crumbs);
  new ResizeObserver(fold).observe(bar);
  if (crumbs !== null) new MutationObserver(fold).observe(crumbs, { childList: true });
  fold();
}

/** Fold the bar for the width it has now, and say for which that is. */
function fit(bar, crumbs) {
  nameLast(crumbs);
  const folds = globalThis.matchMedia(PHONE).matches ? PHONE_FOLDS : WIDE_FOLDS;
  for (const wanted of folds) {
    bar.dataset.fold = wanted;
    if (fits(bar)) break;
  }
  bar.dataset.fits = String(bar.clientWidth);
}

function nameLast(crumbs) {
  const last = document.getElementById("crumbs-last");
  if (last !== null) last.textContent = crumbs.lastElementChild?.textContent.trim() ?? "";
  crumbs?.parentElement.toggleAttribute("hidden", crumbs.childElementCount === 0);
}

/** Whether nothing stands beyond the edge of the bar, nor of the line of the place. */
function fits(bar) {
  return [bar, bar.querySelector(".where")].filter(Boolean).every((line) => {
    const edge = line.getBoundingClientRect().right + 0.5;
    return [...line.children].every((child) => child.getBoundingClientRect().right <= edge);
  });
}
