/**
 * Where each figure goes. Rows are laid out on a plain number line, row n taking n to n + 1, so that bars, stacks,
 * lines and the hatched areas of withheld figures share one arithmetic.
 */
import type { ChartData, Point } from "./chart-data";

/** A bar, by its extent along the rows and along the figures. */
export interface Bar {
  series: number;
  from: number;
  to: number;
  low: number;
  high: number;
}

/** A stretch along the rows where a figure is withheld. */
export interface Gap {
  from: number;
  to: number;
}

const MARGIN = 0.12;

/** The share of a row that a bar may fill; with a label above it, the bar leaves the label's share free. */
export function barsOf(data: ChartData, isStacked: boolean, labelShare = MARGIN): Bar[] {
  const reached = new Map<number, number>();
  return data.points
    .filter((point) => point.value !== null)
    .map((point) => {
      const value = point.value ?? 0;
      const low = isStacked ? (reached.get(point.row) ?? 0) : Math.min(0, value);
      const high = isStacked ? low + value : Math.max(0, value);
      reached.set(point.row, high);
      return { series: point.series, ...slot(data, point, isStacked, labelShare), low, high };
    });
}

export function gapsOf(data: ChartData, kind: string, labelShare = MARGIN): Gap[] {
  const withheld = data.points.filter((point) => point.state === "suppressed");
  if (kind === "bar") return withheld.map((point) => slot(data, point, false, labelShare));
  const rows = [...new Set(withheld.map((point) => point.row))];
  // Lines leave the whole row free for the hatch; a stack without one part has no true height.
  return rows.map((row) => ({ from: row + labelShare, to: row + 1 - MARGIN }));
}

/** The largest reach of the figures in both directions; at least 0 to 1, so that a table of gaps still has a frame. */
export function extentOf(data: ChartData, isStacked: boolean): [number, number] {
  const bars = barsOf(data, isStacked);
  const low = Math.min(0, ...bars.map((bar) => bar.low));
  const high = Math.max(0, ...bars.map((bar) => bar.high));
  return [low, high > low ? high : 1];
}

function slot(data: ChartData, point: Point, isStacked: boolean, labelShare: number): Gap {
  const start = point.row + labelShare;
  const room = 1 - labelShare - MARGIN;
  if (isStacked) return { from: start, to: start + room };
  const width = room / data.series.length;
  return { from: start + point.series * width, to: start + (point.series + 1) * width };
}
