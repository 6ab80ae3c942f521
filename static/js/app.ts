/**
 * Starts what makes pages nicer; every page works without it.
 *
 * Charts are a chunk of their own, fetched only by pages that have one: most people record visits and never see a chart.
 */
import { initAll } from "nhsuk-frontend";

import { startIdleWarning, Typing } from "./idle";
import { warnBeforeLeaving } from "./keep";
import { chooseByNumberKeys } from "./number-keys";
import { startPasskeys } from "./passkeys";
import { startProgress } from "./progress";

initAll();
dropExpandedFromRadios();
document.addEventListener("click", dropExpandedFromRadios);
window.addEventListener("pageshow", dropExpandedFromRadios);

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-warn-unsaved]")) {
  warnBeforeLeaving(form);
}

for (const group of document.querySelectorAll<HTMLElement>("[data-number-keys]")) {
  chooseByNumberKeys(group);
}
startPasskeys(document);

for (const element of document.querySelectorAll<HTMLElement>("[data-progress]")) {
  startProgress(element);
}

const idleWarning = document.querySelector<HTMLDialogElement>("dialog[data-idle-seconds]");
if (idleWarning) {
  startIdleWarning(
    idleWarning,
    new Typing(document.querySelectorAll<HTMLFormElement>("main form[method=post]")),
  );
}

if (document.querySelector("[data-chart]")) {
  void import("./charts").then(({ drawCharts }) => {
    drawCharts(document);
  });
}

/**
 * nhsuk-frontend marks radios that reveal something with aria-expanded, which ARIA does not allow on radios and screen
 * readers announce or not as they like. What is revealed comes next in reading order, so nothing is lost without it.
 */
function dropExpandedFromRadios(): void {
  for (const radio of document.querySelectorAll(".nhsuk-radios__input[aria-expanded]")) {
    radio.removeAttribute("aria-expanded");
  }
}
