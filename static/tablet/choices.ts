/** The code lists of a visit: cafes/tablet_choices.py writes them from those of the pages. */
import written from "./choices.json";

export interface Choice {
  code: string;
  wording: string;
}

/**
 * A question about the visitor. `alone`: answers that go with no other, where several may hold. `declined`: the code by
 * which somebody prefers not to say, which is no option of its own here: it is always there.
 */
export interface Question {
  name: string;
  text: string;
  isMany: boolean;
  alone: string[];
  declined: string;
  options: Choice[];
}

export type ListName = keyof typeof written.visit;

export const MOST_DISTRESS = written.most.distress;
export const MOST_MINUTES = written.most.minutes;

export function choicesOf(name: ListName): Choice[] {
  return written.visit[name].map(asChoice);
}

/** What a code says on the screen; a code of a newer app, as it is. */
export function wordingOf(name: ListName, code: string): string {
  return choicesOf(name).find((choice) => choice.code === code)?.wording ?? code;
}

export const QUESTIONS: readonly Question[] = written.questions.map(
  ({ name, text, many, alone, declined, options }) => ({
    name,
    text,
    isMany: many,
    alone,
    declined,
    options: options.map(asChoice).filter(({ code }) => code !== declined),
  }),
);

function asChoice([code = "", wording = ""]: string[]): Choice {
  return { code, wording };
}
