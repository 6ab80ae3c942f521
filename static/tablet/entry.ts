/**
 * A visit while it is being entered, one question at a time. Plain and serialisable: it is kept, encrypted, after every
 * tap, so that a locked or dead tablet goes on where it was.
 */
import type { VisitBody, Who } from "./journal";

export const ASKED = ["who", "distress_before", "reasons", "support", "distress_after"] as const;
/** Asked only when somebody wants to add it, from the last screen. */
export const MORE = ["came_for", "route_in", "helped", "alternative", "outcome"] as const;

export type Asked = (typeof ASKED)[number];
export type More = (typeof MORE)[number];
export type Step = Asked | More | "code" | "name" | "minutes" | "check";

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
      return ["who", body.who.kind === "code" ? "code" : "name"];
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
  const isPart = next === "code" || next === "name" || next === "minutes";
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

/** What was unanswered again is left out, as if it had never been. */
function without(body: Partial<Record<keyof VisitBody, unknown>>): VisitBody {
  return Object.fromEntries(
    Object.entries(body).filter(
      ([, value]) => value !== undefined && value !== "" && !(Array.isArray(value) && value.length === 0),
    ),
  );
}
