import { beforeEach, describe, expect, it } from "vitest";

import { parseFigure, readTable } from "./chart-data";
import { barsOf, extentOf, gapsOf } from "./chart-shapes";
import { arePeriods, describeChart, describeGaps, tickText, writeFigure } from "./chart-words";
import { draw, drawCharts } from "./charts";

const TABLE = `
  <table id="t">
    <caption>Visits by month</caption>
    <thead><tr><th>Month</th><th>Visits</th><th>People</th><th data-chart-skip="true">All</th><th>Note</th></tr></thead>
    <tbody>
      <tr><th>April 2024</th><td>1,120</td><td>60</td><td>9</td><td>busy</td></tr>
      <tr><th>May 2024</th>
        <td data-suppressed="true"><span class="nhsuk-u-visually-hidden">suppressed, fewer than 5</span><span>*</span></td>
        <td>55</td><td>9</td><td></td></tr>
      <tr><th>June 2024</th><td><span class="nhsuk-u-visually-hidden">no figure</span>–</td><td>0</td><td>9</td><td></td></tr>
      <tr><th data-chart-skip="true">Total</th><td>2,000</td><td>115</td><td>9</td><td></td></tr>
    </tbody>
  </table>`;

function tableOf(html: string): HTMLTableElement {
  // Parsed, not assigned: this is a fixture and holds no one's words.
  document.body.replaceChildren(...new DOMParser().parseFromString(html, "text/html").body.children);
  const table = document.querySelector("table");
  if (!table) throw new Error("the fixture has no table");
  return table;
}

describe("parseFigure", () => {
  it.each([
    ["12,345", 12345],
    ["£30,000.50", 30000.5],
    ["−£3", -3],
    ["8.5%", 8.5],
    [" 7 ", 7],
    ["0", 0],
    ["1,234,567", 1234567],
  ])("reads %s", (text, expected) => {
    expect(parseFigure(text)).toBe(expected);
  });

  it.each(["", "*", "–", "1,2", "12 to 15", "none", "<5", "1e3", "April 2024"])(
    "does not guess at %s",
    (text) => {
      expect(parseFigure(text)).toBeNull();
    },
  );
});

describe("readTable", () => {
  it("keeps rows and columns of figures, and leaves out totals and words", () => {
    const data = readTable(tableOf(TABLE));

    expect(data.rows).toEqual(["April 2024", "May 2024", "June 2024"]);
    expect(data.series).toEqual(["Visits", "People"]);
    expect(data.caption).toBe("Visits by month");
    expect(data.rowHeader).toBe("Month");
  });

  it("never takes a withheld or an absent figure for a number, and a zero for neither", () => {
    const { points } = readTable(tableOf(TABLE));

    expect(points.find((point) => point.row === 1 && point.series === 0)).toMatchObject({
      state: "suppressed",
      value: null,
    });
    expect(points.find((point) => point.row === 2 && point.series === 0)).toMatchObject({
      state: "absent",
      value: null,
    });
    expect(points.find((point) => point.row === 2 && point.series === 1)).toMatchObject({
      state: "value",
      value: 0,
    });
  });

  it("does not read a number out of a withheld cell", () => {
    const html = `<table><caption>c</caption><thead><tr><th>a</th><th>b</th></tr></thead>
      <tbody><tr><th>x</th><td data-suppressed="true">3</td></tr></tbody></table>`;

    expect(readTable(tableOf(html)).points).toEqual([
      { row: 0, series: 0, state: "suppressed", value: null },
    ]);
  });

  it("knows pounds when every figure has them", () => {
    const html = (first: string): string => `<table><thead><tr><th>a</th><th>b</th></tr></thead>
      <tbody><tr><th>x</th><td>${first}</td></tr><tr><th>y</th><td>£2</td></tr></tbody></table>`;

    expect(readTable(tableOf(html("£1,000"))).unit).toBe("£");
    expect(readTable(tableOf(html("1,000"))).unit).toBe("");
  });
});

describe("shapes", () => {
  it("stacks parts on each other and puts bars side by side", () => {
    const data = readTable(tableOf(TABLE));

    const stacked = barsOf(data, true).filter((bar) => Math.floor(bar.from) === 0);
    const beside = barsOf(data, false).filter((bar) => Math.floor(bar.from) === 0);

    expect(stacked.map((bar) => [bar.low, bar.high])).toEqual([
      [0, 1120],
      [1120, 1180],
    ]);
    expect(beside[1]?.from).toBeCloseTo(beside[0]?.to ?? 0);
  });

  it("draws no bar for a withheld figure, but a gap where it would stand", () => {
    const data = readTable(tableOf(TABLE));

    expect(barsOf(data, false).some((bar) => bar.series === 0 && Math.floor(bar.from) === 1)).toBe(false);
    expect(gapsOf(data, "bar")).toHaveLength(1);
    expect(Math.floor(gapsOf(data, "line")[0]?.from ?? 0)).toBe(1);
  });

  it("has an extent even when every figure is withheld", () => {
    const html = `<table><thead><tr><th>a</th><th>b</th></tr></thead>
      <tbody><tr><th>x</th><td data-suppressed="true">*</td></tr></tbody></table>`;

    expect(extentOf(readTable(tableOf(html)), false)).toEqual([0, 1]);
  });
});

describe("words", () => {
  it("describes the chart for a person who can't see it", () => {
    const text = describeChart(readTable(tableOf(TABLE)), "line");

    expect(text).toContain("Line chart by month, April 2024 to June 2024.");
    expect(text).toContain("People: lowest 0 in June 2024, highest 60 in April 2024.");
    expect(text).toContain("1 figure is withheld.");
    expect(text).toContain("table “Visits by month”");
  });

  it("names what is withheld, and says nothing when nothing is", () => {
    const data = readTable(tableOf(TABLE));

    expect(describeGaps(data)).toContain("May 2024 (Visits)");
    expect(describeGaps({ ...data, points: [] })).toBe("");
  });

  it("writes figures as the table does", () => {
    expect(writeFigure(-30000, "£")).toBe("−£30,000");
    expect(writeFigure(8, "%")).toBe("8%");
  });

  it("tells periods from names and cuts months short", () => {
    expect(arePeriods(["April 2024", "2024/25", "Q1"])).toBe(true);
    expect(arePeriods(["Anxiety", "Loneliness"])).toBe(false);
    expect(tickText(["April 2024", "May 2024"], 0, true)).toBe("Apr\n2024");
    expect(tickText(["April 2024", "May 2024"], 1, false)).toBe("May");
    expect(tickText(["December 2024", "January 2025"], 1, false)).toBe("Jan\n2025");
  });
});

describe("drawing", () => {
  beforeEach(() => {
    globalThis.ResizeObserver = class {
      observe = (): void => undefined;
      unobserve = (): void => undefined;
      disconnect = (): void => undefined;
    };
  });

  it.each(["line", "bar", "stacked"])("draws a %s chart that the security policy accepts", (kind) => {
    const data = readTable(tableOf(TABLE));

    const svg = draw({ data, kind, prefix: "t-fill", width: 320, label: "Visits" });

    expect(svg.querySelector("style")).toBeNull();
    expect(svg.querySelector("[aria-label]")).toBeNull();
    expect(svg.querySelector("#t-fill-withheld")).not.toBeNull();
    expect(svg.textContent).toContain("*");
  });

  it("shows the figure with its legend, note and text alternative, and keeps the table", () => {
    tableOf(`${TABLE}<figure data-chart="line" data-chart-table="t" hidden>
      <div data-chart-legend></div><div data-chart-canvas></div><p data-chart-note hidden></p></figure>`);

    drawCharts(document);

    const figure = document.querySelector<HTMLElement>("figure");
    expect(figure?.hidden).toBe(false);
    expect(figure?.querySelectorAll(".app-chart__key")).toHaveLength(2);
    expect(figure?.querySelector("svg[role=img]")?.getAttribute("aria-label")).toContain("Line chart");
    expect(figure?.querySelector<HTMLElement>("[data-chart-note]")?.hidden).toBe(false);
    expect(document.querySelector("table")).not.toBeNull();
  });

  it("leaves the figure hidden when there is nothing to draw", () => {
    tableOf(`<table id="t"><thead><tr><th>a</th></tr></thead><tbody></tbody></table>
      <figure data-chart="line" data-chart-table="t" hidden><div data-chart-canvas></div></figure>`);

    drawCharts(document);

    expect(document.querySelector<HTMLElement>("figure")?.hidden).toBe(true);
  });
});
