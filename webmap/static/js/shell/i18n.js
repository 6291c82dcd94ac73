// Messages: English in the scripts, the page's language from the catalogue it carries.

let catalogue = null;

function messages() {
  if (catalogue === null) {
    const holder = document.getElementById("messages");
    catalogue = holder ? JSON.parse(holder.textContent) : {};
  }
  return catalogue;
}

/** Choose the English sentence by which of its counts are one; forms are keyed by their names. */
function sentenceOfOne(message, forms, values) {
  const counted = new Set(Object.keys(forms).flatMap((names) => names.split(",")));
  const ones = Object.keys(values).filter((name) => counted.has(name) && String(values[name]) === "1");
  return forms[ones.sort().join(",")] ?? message;
}

/** Translate a message; {name} is replaced by values.name, what is not known by a dash. */
export function t(message, values = {}) {
  const found = messages()[message] ?? message;
  const text = typeof found === "string" ? found : sentenceOfOne(message, found, values);
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name] ?? "–") : whole));
}

export function language() {
  return document.documentElement.lang.startsWith("zh") ? "zh" : "en";
}

/** Write a number with grouped thousands; nothing known is a dash. */
export function grouped(number, digits = 0) {
  if (number === null || number === undefined || Number.isNaN(number)) return "–";
  return number.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
