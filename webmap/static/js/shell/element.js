// Make elements; text is always text, never markup.

export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "text") made.textContent = value;
    else if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children.filter(isThere));
  return made;
}

/** Put children in place of those that are there; what is null is left out, never written as a word. */
export function fill(parent, ...children) {
  parent.replaceChildren(...children.filter(isThere));
}

function isThere(child) {
  return child !== null && child !== undefined && child !== false;
}
