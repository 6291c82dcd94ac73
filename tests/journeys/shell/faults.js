// Faults of a page as it stands now: what is wider than the page, cut off, covered, or crosses another.
() => {
  const SPOT = "button, a[href], input:not([type=hidden]), select, textarea, summary, [role=separator], [role=tab]";
  const CARD = ".map-card, .leaflet-bar, .leaflet-control-attribution, .leaflet-control-scale, .legend-on-map";
  const WORDS = "h1, h2, h3, p, label, legend, dt, dd, th, td, li, summary, button, a[href], .badge, .leaflet-control-attribution";
  const width = document.documentElement.clientWidth;
  const faults = [];
  const name = (e) => {
    const text = (e.getAttribute("aria-label") || e.textContent || e.name || e.type || "").replace(/\s+/g, " ").trim().slice(0, 40);
    const mark = e.id ? `#${e.id}` : e.classList.length > 0 ? `.${[...e.classList].join(".")}` : "";
    return `${e.tagName.toLowerCase()}${mark} “${text}”`;
  };
  const isThere = (e) => e.checkVisibility({ checkVisibilityCSS: true, checkOpacity: true }) && !e.closest(".visually-hidden, .skip, .leaflet-marker-pane, .leaflet-tooltip-pane");
  const scrolls = (value) => value === "auto" || value === "scroll";

  // The part of a box that is seen: cut by every parent that clips, and by the window.
  const seen = (e) => {
    const r = e.getBoundingClientRect();
    const box = { left: Math.max(0, r.left), top: Math.max(0, r.top), right: Math.min(width, r.right), bottom: Math.min(innerHeight, r.bottom) };
    let scrolled = false;
    for (let p = e.parentElement; p; p = p.parentElement) {
      const style = getComputedStyle(p);
      if (style.overflowX === "visible" && style.overflowY === "visible") continue;
      scrolled ||= scrolls(style.overflowX) || scrolls(style.overflowY);
      const q = p.getBoundingClientRect();
      Object.assign(box, { left: Math.max(box.left, q.left), top: Math.max(box.top, q.top), right: Math.min(box.right, q.right), bottom: Math.min(box.bottom, q.bottom) });
    }
    return { ...box, width: box.right - box.left, height: box.bottom - box.top, scrolled, whole: r };
  };

  if (document.documentElement.scrollWidth > width + 1) faults.push(`the page is ${document.documentElement.scrollWidth} px wide in a window of ${width}`);

  const panel = document.getElementById("panel");
  const stage = document.querySelector(".stage");
  if (stage && width <= 640 && isThere(panel) && panel.offsetWidth < width - 1) faults.push(`the sheet is ${panel.offsetWidth} px wide in a window of ${width}`);
  for (const [x, y] of stage ? [[0.5, 0.03], [0.97, 0.5], [0.97, 0.97], [0.03, 0.97]] : []) {
    const r = stage.getBoundingClientRect();
    if (document.elementFromPoint(r.left + x * r.width, r.top + y * r.height) === stage) faults.push(`a hole between map and panel at ${x}, ${y}`);
  }

  for (const frame of document.querySelectorAll(".table-frame")) {
    if (width >= 1280 && isThere(frame) && frame.scrollWidth > frame.clientWidth + 1) faults.push(`columns are cut in ${name(frame)}`);
  }

  for (const e of document.querySelectorAll(WORDS)) {
    if (!isThere(e) || !e.textContent.trim()) continue;
    const style = getComputedStyle(e);
    const clips = style.overflowX !== "visible" && !scrolls(style.overflowX);
    if (clips && e.scrollWidth > e.clientWidth + 1) faults.push(`the text is cut in ${name(e)}`);
    if (e.matches("button, a.button") && e.scrollWidth > e.clientWidth + 2) faults.push(`the words stand out of ${name(e)}`);
  }

  const spots = [...document.querySelectorAll(`${SPOT}, ${CARD}`)].filter(isThere).map((e) => ({ e, box: seen(e) }));
  for (const { e, box } of spots) {
    if (box.scrolled || box.whole.width === 0) continue;
    const fixed = document.body.classList.contains("has-map");
    if (box.whole.right > width + 1 || box.whole.left < -1 || (fixed && box.whole.bottom > innerHeight + 1)) faults.push(`${name(e)} is beyond the edge`);
    else if (box.width < box.whole.width - 2 && box.width > 0) faults.push(`${name(e)} is cut at the side`);
  }

  const visible = spots.filter(({ box }) => box.width > 4 && box.height > 4);
  for (const { e, box } of visible) {
    if (!e.matches(SPOT) || e.disabled || box.height < 8) continue;
    const top = document.elementFromPoint((box.left + box.right) / 2, (box.top + box.bottom) / 2);
    const owner = e.closest("label") ?? e;
    const sticky = top?.closest("thead, .list-head, [data-open]");
    if (top !== null && !sticky && !owner.contains(top) && !top.contains(e)) faults.push(`${name(e)} is covered by ${name(top)}`);
  }
  for (let i = 0; i < visible.length; i++) {
    for (let j = i + 1; j < visible.length; j++) {
      const [a, b] = [visible[i], visible[j]];
      if (a.e.contains(b.e) || b.e.contains(a.e)) continue;
      if (a.e.closest("label, .waiting > li") && a.e.closest("label, .waiting > li") === b.e.closest("label, .waiting > li")) continue;
      if (a.e.closest("[data-open]") || b.e.closest("[data-open]") || a.e.matches("[role=separator]") || b.e.matches("[role=separator]")) continue;
      const across = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
      const down = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
      if (across > 3 && down > 3) faults.push(`${name(a.e)} lies over ${name(b.e)}`);
    }
  }
  return [...new Set(faults)];
}
