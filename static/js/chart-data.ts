/** Reads a table of figures back into numbers. Knows the page's markup and nothing of drawing. */

export type State = "value" | "suppressed" | "absent";

export interface Point {
  /** Position of the row among the rows of the chart. */
  row: number;
  /** Position of the column among the series, from 0. */
  series: number;
  state: State;
  value: number | null;
}

export interface ChartData {
  caption: string;
  rowHeader: string;
  rows: string[];
  series: string[];
  points: Point[];
  unit: "" | "£" | "%";
}

/**
 * The figures of a table: rows and columns marked `data-chart-skip` (totals) are left out, and so is a column
 * that holds no figure at all.
 */
export function readTable(table: HTMLTableElement): ChartData {
  const heads = [...(table.tHead?.rows[table.tHead.rows.length - 1]?.cells ?? [])];
  const bodyRows = [...table.tBodies]
    .flatMap((body) => [...body.rows])
    .filter((row) => row.cells[0] && !isSkipped(row.cells[0]));
  const columns = heads
    .map((head, index) => ({ head, index }))
    .filter(({ head, index }) => index > 0 && !isSkipped(head) && hasFigures(bodyRows, index));

  return {
    caption: visibleText(table.caption),
    rowHeader: visibleText(heads[0]),
    rows: bodyRows.map((row) => visibleText(row.cells[0])),
    series: columns.map(({ head }) => visibleText(head)),
    points: columns.flatMap(({ index }, series) =>
      bodyRows.map((row, rowNumber) => ({ row: rowNumber, series, ...readCell(row.cells[index]) })),
    ),
    unit: unitOf(columns.flatMap(({ index }) => bodyRows.map((row) => visibleText(row.cells[index])))),
  };
}

/** What a cell says. A withheld figure is never a number, whatever its text. */
export function readCell(cell: HTMLTableCellElement | undefined): Pick<Point, "state" | "value"> {
  if (!cell) return { state: "absent", value: null };
  if (cell.dataset["suppressed"] !== undefined) return { state: "suppressed", value: null };
  const value = parseFigure(visibleText(cell));
  return value === null ? { state: "absent", value } : { state: "value", value };
}

/** A number as pages write it (12,345 · £30,000.50 · 8.5% · −3), or null: nothing is guessed. */
export function parseFigure(text: string): number | null {
  const plain = text.replace(/[\s£%]/g, "").replace("−", "-");
  if (!/^-?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?$/.test(plain)) return null;
  return Number(plain.replaceAll(",", ""));
}

/** Text as it is seen: without words meant for screen readers alone and the header repeated in a cell. */
export function visibleText(element: Element | null | undefined): string {
  if (!element) return "";
  const copy = element.cloneNode(true) as Element;
  for (const hidden of copy.querySelectorAll(".nhsuk-u-visually-hidden, .nhsuk-table__heading"))
    hidden.remove();
  return copy.textContent.replace(/\s+/g, " ").trim();
}

function hasFigures(rows: HTMLTableRowElement[], index: number): boolean {
  return rows.some((row) => readCell(row.cells[index]).state !== "absent");
}

function isSkipped(cell: HTMLElement): boolean {
  return cell.dataset["chartSkip"] !== undefined;
}

function unitOf(texts: string[]): ChartData["unit"] {
  const figures = texts.filter((text) => parseFigure(text) !== null);
  if (figures.length === 0) return "";
  if (figures.every((text) => text.includes("£"))) return "£";
  return figures.every((text) => text.includes("%")) ? "%" : "";
}
