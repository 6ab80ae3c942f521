/**
 * Fills, dashes and symbols, so that series are told apart without colour. A series' colour is `currentColor` of its
 * class `app-series-n`, which the stylesheet sets: the policy allows no inline styles.
 */
const SVG = "http://www.w3.org/2000/svg";

export const MOST_SERIES = 6;
export const DASHES = ["none", "8 4", "2 4", "12 4 2 4", "5 2", "1 3"] as const;
export const SYMBOLS = ["circle", "square", "triangle", "diamond", "star", "wye"] as const;

// Strokes within a tile of 8 by 8; the first series is solid.
const STROKES = [
  "",
  "M-2,2l4,-4M0,8l8,-8M6,10l4,-4",
  "M4,0v8",
  "M0,4h8",
  "M0,0l8,8M8,0l-8,8",
  "M2,2h1M6,6h1",
];
const HATCH = "M-2,6l4,4M0,0l8,8M6,-2l4,4";

export const fillOf = (prefix: string, series: number): string => `url(#${prefix}-${series + 1})`;
export const hatchOf = (prefix: string): string => `url(#${prefix}-withheld)`;
export const classOf = (series: number): string => `app-series-${series + 1}`;

/** Definitions for one chart; `prefix` keeps two charts of a page apart. */
export function definePatterns(prefix: string): SVGDefsElement {
  const defs = make("defs", {});
  for (let series = 0; series < MOST_SERIES; series += 1) {
    const pattern = tile(`${prefix}-${series + 1}`);
    pattern.setAttribute("class", classOf(series));
    const isSolid = series === 0;
    pattern.append(make("rect", { width: "8", height: "8", fill: isSolid ? "currentColor" : "white" }));
    if (!isSolid) {
      pattern.append(
        make("rect", { width: "8", height: "8", fill: "currentColor", "fill-opacity": "0.25" }),
        make("path", { d: STROKES[series] ?? "", stroke: "currentColor", "stroke-width": "2.5" }),
      );
    }
    defs.append(pattern);
  }
  const withheld = tile(`${prefix}-withheld`);
  withheld.append(make("path", { d: HATCH, stroke: "#aeb7bd", "stroke-width": "1" }));
  defs.append(withheld);
  return defs;
}

/** The key of one series: a piece of its line, or a swatch of its fill. */
export function makeKey(prefix: string, series: number, isLine: boolean): SVGSVGElement {
  const svg = make("svg", { width: "28", height: "16", viewBox: "0 0 28 16", "aria-hidden": "true" });
  svg.setAttribute("class", classOf(series));
  if (isLine) {
    const dash = DASHES[series] ?? "none";
    const line = { d: "M0,8h28", stroke: "currentColor", "stroke-width": "3", "stroke-dasharray": dash };
    svg.append(make("path", line));
  } else {
    const swatch = { x: "1", y: "1", width: "26", height: "14", fill: fillOf(prefix, series) };
    svg.append(make("rect", { ...swatch, stroke: "currentColor", "stroke-width": "2" }));
  }
  return svg;
}

function tile(id: string): SVGPatternElement {
  return make("pattern", { id, width: "8", height: "8", patternUnits: "userSpaceOnUse" });
}

function make<Name extends keyof SVGElementTagNameMap>(
  name: Name,
  attributes: Record<string, string>,
): SVGElementTagNameMap[Name] {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}
