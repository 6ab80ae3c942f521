/**
 * A visit while it is being entered, one question at a time. Plain and serialisable: it is kept, encrypted, after every
 * tap, so that a locked or dead tablet goes on where it was.
 */
import type { VisitBody, Who } from "./journal";

export const ASKED = ["who", "distress_before", "reasons", "support", "distress_after"] as const;
/** Asked only when somebody wants to add it, from the last screen. */
export const MORE = [
  "signposted",
  "came_for",
  "route_in",
  "helped",
  "alternative",
  "outcome",
  "arrived_at",
] as const;

const PARTS: readonly Step[] = ["code", "name", "contact", "minutes"];

export type Asked = (typeof ASKED)[number];
export type More = (typeof MORE)[number];
export type Step = Asked | More | "code" | "name" | "contact" | "minutes" | "check";

export interface Entry {
  /** Made when the form is opened: whatever is tapped twice, it is one visit. */
  id: string;
  /** Set when a recorded visit is being changed. */
  isChange: boolean;
  step: Step;
  /** The last screen was reached: from then on each answer leads back to it. */
  isChecked: boolean;
  body: VisitBody;
}

export function newEntry(arrivedAt: Date, id: string = crypto.randomUUID()): Entry {
  const arrived_at = arrivedAt.toTimeString().slice(0, 5);
  return {
    id,
    isChange: false,
    step: "who",
    isChecked: false,
    body: { who: { kind: "anonymous" }, arrived_at },
  };
}

/** A recorded visit, to be changed. Whose it is stays as it was recorded unless somebody says otherwise. */
export function entryOf(id: string, body: VisitBody): Entry {
  return { id, isChange: true, step: "check", isChecked: true, body };
}

/** The screens that lead to the last one, given what was answered so far. */
export function path({ body }: Entry): Step[] {
  return ASKED.flatMap((step): Step[] => {
    if (step === "who" && body.who && body.who.kind !== "anonymous") {
      return body.who.kind === "code" ? ["who", "code"] : ["who", "name", "contact"];
    }
    return step === "support" && hasOneToOne(body) ? ["support", "minutes"] : [step];
  }).concat("check");
}

/** Answer the screen that is open and go on: to the next, or back to the last one when it was reached before. */
export function answer(entry: Entry, change: Partial<VisitBody>): Entry {
  const answered = { ...entry, body: without({ ...entry.body, ...change }) };
  const steps = path(answered);
  const at = steps.indexOf(entry.step);
  const next = steps[at + 1];
  // A return code or minutes belong to the answer just given, and are asked even then.
  const isPart = next !== undefined && PARTS.includes(next);
  const step = at >= 0 && next && (!entry.isChecked || isPart) ? next : "check";
  return { ...answered, step, isChecked: entry.isChecked || step === "check" };
}

/** Keep what is on the screen without leaving it. */
export function keep(entry: Entry, change: Partial<VisitBody>): Entry {
  return { ...entry, body: without({ ...entry.body, ...change }) };
}

/** The screen before; null on the first. */
export function back(entry: Entry): Entry | null {
  const steps = path(entry);
  const at = steps.indexOf(entry.step);
  if (at < 0) {
    return { ...entry, step: "check" };
  }
  const step = steps[at - 1];
  return step ? { ...entry, step } : null;
}

export function goTo(entry: Entry, step: Step): Entry {
  return { ...entry, step };
}

export function hasOneToOne({ support }: VisitBody): boolean {
  return support?.some(({ kind }) => kind === "one_to_one") ?? false;
}

/** What is wrong with a typed answer, in words; null when it may go on. */
export function faultOfWho(who: Who): string | null {
  if (who.kind === "code" && !who.code.trim()) {
    return "Enter the return code";
  }
  return who.kind === "named" && !who.name.trim() ? "Enter the name" : null;
}

/** What is wrong with a typed time of day, in words; null when it may go on. Empty is not recorded. */
export function faultOfTime(typed: string): string | null {
  return typed.trim() === "" || timeOf(typed) !== null
    ? null
    : "Enter the time as hours and minutes, for example 18:05";
}

/** Hours and minutes as they are recorded: people write 6.05, 0605 and 6:05. */
export function timeOf(typed: string): string | null {
  const [, hours = "", minutes = ""] = /^(\d{1,2})[:.\s]?(\d{2})$/.exec(typed.trim()) ?? [];
  const isTime = hours !== "" && Number(hours) < 24 && Number(minutes) < 60;
  return isTime ? `${hours.padStart(2, "0")}:${minutes}` : null;
}

/**
 * What was unanswered again is left out, as if it had never been. That somebody was pointed nowhere after all is said: a
 * change which says nothing of it leaves it as it was.
 */
function without(body: Partial<Record<keyof VisitBody, unknown>>): VisitBody {
  return Object.fromEntries(
    Object.entries(body).filter(
      ([name, value]) =>
        value !== undefined &&
        value !== "" &&
        (name === "signposted" || !(Array.isArray(value) && value.length === 0)),
    ),
  );
}
