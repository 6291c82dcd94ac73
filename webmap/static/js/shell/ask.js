// Ask once before something is done; a dialog says what it will do, and shows why it could not.

import { element } from "./element.js";
import { t } from "./i18n.js";

/**
 * Ask, then do. `act(value)` does it and may throw an Error with a message for people.
 * `field` is an optional form element (or {type, label, value, max}) whose value is passed on.
 */
export function ask({ question, confirm, field = null, danger = false, act }) {
  const problem = element("p", { class: "alert", role: "alert", hidden: true });
  const input = field === null ? null : makeField(field);
  const yes = element("button", { class: danger ? "danger" : "primary", text: confirm });
  const no = element("button", { type: "button", text: t("Cancel") });
  const form = element("form", { method: "dialog", class: "stack" },
    element("p", { class: "question", text: question }),
    input === null ? null : element("label", { text: field.label ?? "" }, input),
    problem, element("div", { class: "row answers" }, no, yes));
  const dialog = element("dialog", { class: "ask" }, form);
  no.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    yes.disabled = true;
    problem.hidden = true;
    try {
      await act(input?.value ?? null);
      dialog.close();
    } catch (error) {
      problem.textContent = error.message;
      problem.hidden = false;
    } finally {
      yes.disabled = false;
    }
  });
  document.body.append(dialog);
  dialog.showModal();
  (input ?? yes).focus();
  return dialog;
}

function makeField(field) {
  if (field instanceof Element) return field;
  if (field.type === "text") return element("textarea", { rows: 3, required: true });
  const input = element("input", { type: field.type, required: true });
  if (field.max) input.max = field.max;
  input.value = field.value ?? "";
  return input;
}
