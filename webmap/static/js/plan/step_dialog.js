// A step of a plan is told before it is taken: what changes, for whom, who decides next, how to take it back.

import { getJson, sendJson } from "../shell/api.js";
import { ask } from "../shell/ask.js";
import { element, fill } from "../shell/element.js";
import { grouped, t } from "../shell/i18n.js";

const MOST_NAMED = 12;

/** The words of each step; `told` is the server's outlook, `day` when it is to take effect, `later` if that is to come. */
const STEPS = {
  submit: {
    question: (told) => t("Submit this plan of {n} grids for approval?", { n: grouped(told.grids) }),
    confirm: () => t("Submit for approval"),
    changes: () => t("Nothing on the ground. The plan can no longer be changed until somebody returns it."),
    next: () => t("Who may approve it"),
    back: () => t("Whoever may approve it can return it with remarks; then it is a draft again."),
    note: () => t("Note for who approves it (optional)"),
  },
  approve: {
    question: (told) => t("Approve this plan of {n} grids?", { n: grouped(told.grids) }),
    confirm: () => t("Approve"),
    changes: () => t("Nothing on the ground yet. The plan can then be published."),
    next: () => t("Who may publish it"),
    back: () => t("Until it is published it can be returned with remarks."),
    note: () => t("Note (optional)"),
  },
  publish: {
    question: (told, { day, later }) => (later
      ? t("Announce {n} grids from {day}?", { n: grouped(told.grids), day })
      : t("Publish {n} grids from {day}?", { n: grouped(told.grids), day })),
    confirm: ({ later }) => (later ? t("Announce") : t("Publish")),
    changes: (told, { day, later }) => [
      told.in_force === null ? t("It is the first plan in force in this community.") : t("It takes the place of “{name}”.", { name: told.in_force }),
      later ? t("It comes into force by itself on {day}.", { day }) : t("Maps, lists and statistics follow it at once."),
    ],
    back: (_told, { later }) => (later
      ? t("Until that day the announcement can be withdrawn.")
      : t("A plan in force cannot be withdrawn. Open the plan before it, choose “Go back to this plan…”, and have that draft approved and published.")),
    note: () => t("Why (optional)"),
  },
  withdraw: {
    question: (_told, { day }) => t("Withdraw the publication from {day}?", { day }),
    confirm: () => t("Withdraw"),
    changes: (told) => (told.in_force === null
      ? t("No plan comes into force on that day. The plan stays approved.")
      : t("“{name}” stays in force. The plan stays approved; what follows does not come about.", { name: told.in_force })),
    next: () => t("Who may publish it"),
    back: () => t("It can be published again, for the same day or another."),
    note: () => t("Why (optional)"),
  },
  return: {
    question: () => t("Return this plan to its planner?"),
    confirm: () => t("Return"),
    changes: () => t("It becomes a draft again; an approval falls away. Nothing on the ground changes."),
    next: () => t("Who may change it"),
    back: () => t("It is submitted and approved anew."),
  },
  retire: {
    question: () => t("Put this plan away?"),
    confirm: () => t("Put away"),
    changes: () => t("It stays in the list but cannot be published any more. Nothing on the ground changes."),
    back: () => t("A new draft can be branched from it."),
    danger: true,
  },
};

/** Ask the server what the step does now, tell it, and take it; `at` is the address of the plan. */
export async function openStep(button, at, done) {
  const { step } = button.dataset;
  button.disabled = true;
  try {
    const told = await getJson(`${at}/steps/${step}`);
    button.disabled = false;
    button.focus(); // where the keyboard comes back to
    show(button, at, told, done);
  } catch (error) {
    button.disabled = false;
    button.focus();
    ask({ question: error.message, confirm: t("Understood"), act: async () => {} });
  }
}

function show(button, at, first, done) {
  const { step } = button.dataset;
  const words = STEPS[step];
  let told = first;
  const field = fieldOf(step, button.dataset.today);
  const note = words.note ? element("textarea", { rows: 2, maxlength: "2000" }) : null;
  const place = element("dl", { class: "outlook" });
  const dialog = ask({
    question: "", confirm: "", danger: words.danger, field,
    act: async (answer) => {
      try {
        const made = await sendJson("POST", `${at}/${step}`, { ...bodyOf(step, answer), ...(note ? { note: note.value.trim() } : {}), seen: told.seen });
        if (made?.unsaved_by?.length > 0) await tell(t("{names} have unsaved changes of this plan. They stay, but can be saved only if the plan is returned.", { names: made.unsaved_by.join(t(", ")) }));
        done();
      } catch (error) {
        await getJson(`${at}/steps/${step}`).then((now) => {
          told = now;
          write();
        }, () => {});
        throw error;
      }
    },
  });
  dialog.classList.add("step-dialog");
  dialog.querySelector(".question").after(place);
  if (note) dialog.querySelector(".answers").before(element("label", { text: words.note() }, note));

  function write() {
    const day = step === "publish" ? field.value : document.getElementById("steps")?.dataset.day;
    const when = { day, later: step === "publish" && day > button.dataset.today };
    dialog.querySelector(".question").textContent = words.question(told, when);
    dialog.querySelector(".answers > :last-child").textContent = words.confirm(when);
    const takesEffect = step === "publish";
    fill(place, ...part(t("What changes"), ...[words.changes(told, when)].flat().map((text) => element("p", { text }))),
      ...part(takesEffect ? t("Whom it concerns") : t("Whom the plan concerns once in force"), concerned(told)),
      ...(words.next ? part(words.next(), element("p", { text: told.next_by.join(t(", ")) || t("Nobody yet; an administrator can give the right.") })) : []),
      ...part(t("How to take it back"), element("p", { text: words.back(told, when) })));
  }
  field?.addEventListener("input", write);
  write();
}

function fieldOf(step, today) {
  if (step === "publish") {
    const input = element("input", { type: "date", required: true });
    input.value = today;
    input.label = t("In force from; on a day to come it takes effect by itself");
    return input;
  }
  if (step !== "return") return null;
  const remarks = element("textarea", { rows: 3, required: true, maxlength: "2000" });
  remarks.label = t("What should change?");
  return remarks;
}

function bodyOf(step, answer) {
  if (step === "publish") return { effective_from: answer };
  return step === "return" ? { remarks: answer } : {};
}

function part(title, ...content) {
  return [element("dt", { text: title }), element("dd", {}, ...content)];
}

/** Households, care, incidents; grids without a worker or out of band, by their numbers. */
function concerned(told) {
  const lines = told.in_force === null
    ? [t("{n} households; no plan is in force yet, so nobody changes worker.", { n: grouped(told.households) })]
    : [t("{n} households change grid.", { n: grouped(told.changing_grid) }), t("{n} households change worker.", { n: grouped(told.changing_worker) }),
      t("{n} households with special care change hands.", { n: grouped(told.special_care) }), t("{n} open incidents change hands.", { n: grouped(told.open_incidents) })];
  lines.push(told.vacant.length === 0 ? t("Every grid has a worker.") : t("Grids without a worker: {grids}.", { grids: numbersOf(told.vacant) }));
  lines.push(told.out_of_band.length === 0 ? t("Every grid is in band.") : t("Grids out of band: {grids}.", { grids: numbersOf(told.out_of_band) }));
  if (told.unsaved_by.length > 0) lines.push(t("Unsaved edits of {names}.", { names: told.unsaved_by.join(t(", ")) }));
  return element("ul", {}, ...lines.map((text) => element("li", { text })));
}

function numbersOf(codes) {
  const named = codes.slice(0, MOST_NAMED).map((code) => code.slice(-3)).join(t(", "));
  return codes.length > MOST_NAMED ? t("{named} and {n} more", { named, n: codes.length - MOST_NAMED }) : named;
}

/** Say something that has to be read before the page goes on. */
function tell(words) {
  return new Promise((resolve) => {
    const dialog = ask({ question: words, confirm: t("Understood"), act: async () => {} });
    dialog.addEventListener("close", resolve);
  });
}
