/**
 * Starts what makes pages nicer; every page works without it.
 *
 * Charts are a chunk of their own, fetched only by pages that have one: most people record visits and never see a chart.
 */
import { initAll } from "nhsuk-frontend";

import { warnBeforeLeaving } from "./keep";
import { startProgress } from "./progress";

initAll();

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-warn-unsaved]")) {
  warnBeforeLeaving(form);
}

for (const element of document.querySelectorAll<HTMLElement>("[data-progress]")) {
  startProgress(element);
}

if (document.querySelector("[data-chart]")) {
  void import("./charts").then(({ drawCharts }) => {
    drawCharts(document);
  });
}
