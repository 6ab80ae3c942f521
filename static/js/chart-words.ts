/** What a chart says in words: its text alternative, and the note about withheld figures. */
import type { ChartData, Point } from "./chart-data";

const KINDS: Record<string, string> = { line: "Line chart", bar: "Bar chart", stacked: "Stacked bar chart" };
const MOST_NAMED = 3;

/** One paragraph for a person who can't see the chart: what, over what, lowest and highest, what is withheld. */
export function describeChart(data: ChartData, kind: string): string {
  const span =
    data.rows.length > 1 ? `${data.rows[0] ?? ""} to ${data.rows.at(-1) ?? ""}` : (data.rows[0] ?? "");
  const sentences = [`${KINDS[kind] ?? "Chart"} by ${lowerFirst(data.rowHeader)}, ${span}.`];
  data.series.forEach((name, series) => {
    const found = data.points.filter((point) => point.series === series && point.value !== null);
    if (found.length === 0) return;
    const ordered = [...found].sort((a, b) => (a.value ?? 0) - (b.value ?? 0));
    sentences.push(`${name}: lowest ${at(data, ordered[0])}, highest ${at(data, ordered.at(-1))}.`);
  });
  const withheld = data.points.filter((point) => point.state === "suppressed").length;
  if (withheld > 0) sentences.push(`${withheld} ${withheld === 1 ? "figure is" : "figures are"} withheld.`);
  sentences.push(`The same figures are in the table “${data.caption}”.`);
  return sentences.join(" ");
}

/** Which figures are missing from the drawing and how that is shown; empty when none is. */
export function describeGaps(data: ChartData): string {
  const withheld = data.points.filter((point) => point.state === "suppressed");
  if (withheld.length === 0) return "";
  const named = withheld
    .slice(0, MOST_NAMED)
    .map((point) => placeOf(data, point))
    .join("; ");
  const more = withheld.length - MOST_NAMED;
  return `Hatched areas marked * are figures withheld to protect people, not zeros: ${named}${more > 0 ? ` and ${more} more` : ""}.`;
}

/** A number as the table writes it. */
export function writeFigure(value: number, unit: ChartData["unit"]): string {
  const text = Math.abs(value).toLocaleString("en-GB");
  return `${value < 0 ? "−" : ""}${unit === "£" ? "£" : ""}${text}${unit === "%" ? "%" : ""}`;
}

const MONTH =
  /^(January|February|March|April|May|June|July|August|September|October|November|December) (\d{4})$/;
const PERIOD = /\b\d{4}\b|^(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|Q[1-4])/;

/** Whether rows are periods, which run from left to right; anything else has names, which read better stacked. */
export function arePeriods(rows: string[]): boolean {
  return rows.length > 0 && rows.every((row) => PERIOD.test(row));
}

/** A tick's label: months are cut short, with the year below on the first tick and in January. */
export function tickText(rows: string[], index: number, isFirst: boolean): string {
  const row = rows[index] ?? "";
  const month = MONTH.exec(row);
  if (!month?.[1] || !month[2]) return row.replace(" to ", "\nto ");
  const isNewYear = isFirst || MONTH.exec(rows[index - 1] ?? "")?.[2] !== month[2];
  return month[1].slice(0, 3) + (isNewYear ? `\n${month[2]}` : "");
}

function at(data: ChartData, point: Point | undefined): string {
  if (!point || point.value === null) return "none";
  return `${writeFigure(point.value, data.unit)} in ${data.rows[point.row] ?? ""}`;
}

function placeOf(data: ChartData, point: Point): string {
  const row = data.rows[point.row] ?? "";
  return data.series.length > 1 ? `${row} (${data.series[point.series] ?? ""})` : row;
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}
