// Days and times as the clocks of the platform show them, whatever zone the reader's machine is in.

import { language } from "./i18n.js";

function timeZone() {
  return document.documentElement.dataset.timeZone;
}

/** The day it is on the platform, as a date field takes it. */
export function platformDay(moment = new Date()) {
  return new Intl.DateTimeFormat("sv-SE", { timeZone: timeZone(), dateStyle: "short" }).format(moment);
}

/** Write a moment (ISO text) with its day and time. */
export function clockText(moment) {
  const style = { timeZone: timeZone(), dateStyle: "medium", timeStyle: "short" };
  return new Intl.DateTimeFormat(language() === "zh" ? "zh-CN" : "en-GB", style).format(new Date(moment));
}
