/**
 * Draws charts from tables that stay on the page: the table is the truth and the fallback.
 *
 * Nothing moves, so there is nothing to slow down for people who ask for reduced motion.
 */
import * as Plot from "@observablehq/plot";

import { readTable, type ChartData } from "./chart-data";
import {
  classOf,
  DASHES,
  definePatterns,
  fillOf,
  hatchOf,
  makeKey,
  MOST_SERIES,
  SYMBOLS,
} from "./chart-patterns";
import { barsOf, extentOf, gapsOf, type Bar, type Gap } from "./chart-shapes";
import { arePeriods, describeChart, describeGaps, tickText, writeFigure } from "./chart-words";

const NARROWEST = 240;
const ROOM_FOR_TICK = 52;
const ROOM_FOR_LABEL = 24;
const FIGURE_TICKS = 5;
// The asterisk stands out from the hatch by a white edge.
const WITHHELD = {
  text: () => "*",
  fontSize: 22,
  fontWeight: "bold",
  stroke: "white",
  fill: "#212b32",
} as const;

interface Frame {
  data: ChartData;
  kind: string;
  prefix: string;
  width: number;
  label: string;
}

export function drawCharts(root: ParentNode): void {
  for (const figure of root.querySelectorAll<HTMLElement>("[data-chart]")) setUp(figure);
}

function setUp(figure: HTMLElement): void {
  const canvas = figure.querySelector<HTMLElement>("[data-chart-canvas]");
  const table = document.getElementById(figure.dataset["chartTable"] ?? "");
  if (!canvas || !(table instanceof HTMLTableElement)) return;
  const data = readTable(table);
  // More series than can be told apart, or none: the table says it better alone.
  if (data.rows.length === 0 || data.series.length === 0 || data.series.length > MOST_SERIES) return;

  const kind = figure.dataset["chart"] ?? "line";
  const prefix = `${table.id}-fill`;
  const summary = figure.dataset["chartSummary"] ?? "";
  figure.hidden = false;
  writeLegend(figure, data, kind, prefix);
  writeNote(figure, data);

  const label = figure.dataset["chartYLabel"] ?? "";
  let drawnAt = 0;
  const redraw = (): void => {
    const width = Math.max(NARROWEST, Math.floor(innerWidthOf(canvas)));
    if (width === drawnAt) return;
    drawnAt = width;
    const svg = draw({ data, kind, prefix, width, label });
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", summary || describeChart(data, kind));
    canvas.replaceChildren(svg);
  };
  redraw();
  // Width alone is looked at: a drawing changes its own height, which would call us again for ever.
  new ResizeObserver(() => requestAnimationFrame(redraw)).observe(canvas);
}

/** One drawing at one width. */
export function draw(frame: Frame): SVGSVGElement {
  const isAcross = frame.kind !== "line" && !arePeriods(frame.data.rows);
  const svg = (isAcross ? plotAcross(frame) : plotUp(frame)) as SVGSVGElement;
  // The policy refuses <style> elements; _chart.scss says the same.
  svg.querySelector("style")?.remove();
  // Plot names its groups; inside one image those names are neither allowed nor heard.
  for (const group of svg.querySelectorAll("[aria-label]")) group.removeAttribute("aria-label");
  svg.prepend(definePatterns(frame.prefix));
  return svg;
}

/** Rows from left to right, figures upwards. */
function plotUp({ data, kind, prefix, width, label }: Frame): SVGSVGElement | HTMLElement {
  const isStacked = kind === "stacked";
  const [low, high] = extentOf(data, isStacked);
  const marginLeft = 16 + 8 * writeFigure(Math.round(high), data.unit).length;
  const step = Math.ceil((data.rows.length * ROOM_FOR_TICK) / (width - marginLeft));
  const ticks = data.rows.map((_, index) => index).filter((index) => index % step === 0);
  const gaps = gapsOf(data, kind);
  const bars = kind === "line" ? [] : barsOf(data, isStacked);
  return Plot.plot({
    className: "app-plot",
    width,
    height: Math.round(Math.min(380, Math.max(240, width * 0.5))),
    marginLeft,
    marginTop: 32,
    marginBottom: 48,
    x: { domain: [0, data.rows.length], axis: null },
    y: { domain: [low, high], nice: true, label: label || null, labelArrow: "none" },
    marks: [
      Plot.gridY({ ticks: FIGURE_TICKS, stroke: "#d8dde0", strokeOpacity: 1 }),
      Plot.axisY({
        ticks: FIGURE_TICKS,
        tickFormat: (value: number) => writeFigure(value, data.unit),
        tickSize: 0,
        label: null,
      }),
      ...(label ? [Plot.text([label], { frameAnchor: "top-left", dy: -28, dx: 4 - marginLeft })] : []),
      ...hatched(gaps, prefix, { x1: "from", x2: "to" }),
      Plot.text(gaps, {
        x: (gap: Gap) => (gap.from + gap.to) / 2,
        ...WITHHELD,
        frameAnchor: "top",
        dy: 6,
      }),
      ...bars.map((bar) => plotBar(bar, prefix, { x1: "from", x2: "to", y1: "low", y2: "high" })),
      ...(kind === "line" ? lines(data, width < 400 ? 3 : 4.5) : []),
      Plot.ruleY([0], { stroke: "#212b32", strokeWidth: 1.5 }),
      Plot.axisX(
        ticks.map((index) => index + 0.5),
        {
          tickFormat: (middle: number) =>
            tickText(data.rows, Math.floor(middle), Math.floor(middle) === ticks[0]),
          tickSize: 4,
          label: null,
          lineHeight: 1.2,
        },
      ),
    ],
  });
}

/** Rows below each other with their names above the bars: names are long and screens are narrow. */
function plotAcross({ data, kind, prefix, width, label }: Frame): SVGSVGElement | HTMLElement {
  const isStacked = kind === "stacked";
  const [low, high] = extentOf(data, isStacked);
  const perRow = ROOM_FOR_LABEL + 8 + (isStacked ? 24 : Math.max(22, 16 * data.series.length));
  const labelShare = ROOM_FOR_LABEL / perRow;
  const gaps = gapsOf(data, kind, labelShare);
  const rowText = data.rows.map((text, row) => ({ text, row }));
  return Plot.plot({
    className: "app-plot",
    width,
    height: perRow * data.rows.length + 56,
    marginLeft: 8,
    marginRight: 24,
    marginTop: 8,
    marginBottom: 48,
    x: { domain: [low, high], nice: true, label: null },
    y: { domain: [data.rows.length, 0], axis: null },
    marks: [
      Plot.gridX({ ticks: FIGURE_TICKS, stroke: "#d8dde0", strokeOpacity: 1 }),
      Plot.axisX({
        ticks: width < 400 ? 3 : FIGURE_TICKS,
        tickFormat: (value: number) => writeFigure(value, data.unit),
        tickSize: 0,
        label: label || null,
        labelAnchor: "left",
        labelArrow: "none",
      }),
      ...hatched(gaps, prefix, { y1: "from", y2: "to" }),
      Plot.text(gaps, {
        y: (gap: Gap) => (gap.from + gap.to) / 2,
        ...WITHHELD,
        frameAnchor: "left",
        dx: 8,
        dy: 4,
      }),
      ...barsOf(data, isStacked, labelShare).map((bar) =>
        plotBar(bar, prefix, { y1: "from", y2: "to", x1: "low", x2: "high" }),
      ),
      Plot.ruleX([0], { stroke: "#212b32", strokeWidth: 1.5 }),
      Plot.text(rowText, {
        y: "row",
        text: "text",
        frameAnchor: "left",
        textAnchor: "start",
        dx: 4,
        dy: ROOM_FOR_LABEL / 2 + 2,
        lineWidth: (width - 40) / 14,
        textOverflow: "ellipsis-end",
      }),
    ],
  });
}

function plotBar(bar: Bar, prefix: string, channels: Plot.RectOptions): Plot.Markish {
  return Plot.rect([bar], {
    ...channels,
    className: classOf(bar.series),
    fill: fillOf(prefix, bar.series),
    stroke: "currentColor",
    strokeWidth: 1.5,
    inset: 1,
  });
}

function hatched(gaps: object[], prefix: string, channels: Plot.RectOptions): Plot.Markish[] {
  return [Plot.rect(gaps, { ...channels, fill: hatchOf(prefix), stroke: "#4c6272", strokeDasharray: "3 3" })];
}

function lines(data: ChartData, size: number): Plot.Markish[] {
  return data.series.flatMap((_, series) => {
    // A point without a value breaks the line: a gap is drawn as a gap, never bridged and never as zero.
    const points = data.points
      .filter((point) => point.series === series)
      .map((point) => ({ x: point.row + 0.5, y: point.value ?? Number.NaN }));
    const channels = { x: "x", y: "y", className: classOf(series), stroke: "currentColor" };
    return [
      Plot.lineY(points, { ...channels, strokeWidth: 3, strokeDasharray: DASHES[series] ?? "none" }),
      Plot.dot(points, {
        ...channels,
        symbol: SYMBOLS[series] ?? "circle",
        r: size,
        fill: "white",
        strokeWidth: 2,
      }),
    ];
  });
}

function writeLegend(figure: HTMLElement, data: ChartData, kind: string, prefix: string): void {
  const legend = figure.querySelector("[data-chart-legend]");
  if (!legend || data.series.length < 2) return;
  // Its swatches use the drawing's patterns, which are found by name anywhere in the page.
  legend.replaceChildren(
    ...data.series.map((name, series) => {
      const key = document.createElement("span");
      key.className = "app-chart__key";
      key.append(makeKey(prefix, series, kind === "line"), name);
      return key;
    }),
  );
}

function writeNote(figure: HTMLElement, data: ChartData): void {
  const note = figure.querySelector<HTMLElement>("[data-chart-note]");
  const text = describeGaps(data);
  if (!note || !text) return;
  note.textContent = text;
  note.hidden = false;
}

function innerWidthOf(element: HTMLElement): number {
  const { paddingLeft, paddingRight } = getComputedStyle(element);
  return element.clientWidth - parseFloat(paddingLeft || "0") - parseFloat(paddingRight || "0");
}
