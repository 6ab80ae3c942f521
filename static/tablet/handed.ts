/**
 * The tablet in a visitor's hands: which visit it is about, where they are, and what they answered so far. Plain and
 * serialisable like an entry. It is kept after every tap under the device key, because nobody has the tablet open: after
 * a reload or a flat battery it is the visitor's question that comes back, and never a screen of the staff.
 */
import { QUESTIONS, type Question } from "./choices";
import type { Answers } from "./journal";

export const HANDED_DRAFT = "handed";

export interface Handed {
  /** Of the record that the answers become. */
  id: string;
  session: string;
  visit: string;
  language: string;
  /** 0 is the greeting, then the questions, then the page that ends. */
  at: number;
  answers: Answers;
  /** The answers are a sealed record, and no longer here. */
  isDone: boolean;
  given: number;
}

export function handTo(session: string, visit: string, language: string): Handed {
  const id = crypto.randomUUID();
  return { id, session, visit, language, at: 0, answers: {}, isDone: false, given: 0 };
}

/** The question that is open; undefined on the greeting and on the last page. */
export function questionOf({ at }: Handed): Question | undefined {
  return QUESTIONS[at - 1];
}

export function goOn(handed: Handed): Handed {
  return { ...handed, at: Math.min(handed.at + 1, QUESTIONS.length + 1) };
}

export function goBack(handed: Handed): Handed {
  return { ...handed, at: Math.max(handed.at - 1, 0) };
}

/** Keep an answer and stay. What is no answer any more was not asked, and is left out. */
export function keepAnswer(handed: Handed, { name }: Question, answer: string | string[]): Handed {
  const others = Object.entries(handed.answers).filter(([key]) => key !== name);
  const answers = answer.length > 0 ? [...others, [name, answer] as const] : others;
  return { ...handed, answers: Object.fromEntries(answers) };
}

/** Keep an answer and go on. */
export function answerWith(handed: Handed, question: Question, answer: string | string[]): Handed {
  return goOn(keepAnswer(handed, question, answer));
}

/** Skipped: as if it had not been asked, whatever was answered before. */
export function skip(handed: Handed, question: Question): Handed {
  return answerWith(handed, question, "");
}

/** They were asked, and prefer not to say: that is an answer of its own kind, and none of the others. */
export function decline(handed: Handed, question: Question): Handed {
  return answerWith(handed, question, question.isMany ? [question.declined] : question.declined);
}

export function chosenIn({ answers }: Handed, { name }: Question): string[] {
  const chosen = answers[name] ?? [];
  return typeof chosen === "string" ? [chosen] : chosen;
}

export function givenIn({ answers }: Handed): number {
  return Object.keys(answers).length;
}

/** The answers became a record: nothing of them stays here. */
export function done(handed: Handed): Handed {
  return { ...handed, answers: {}, isDone: true, given: givenIn(handed) };
}

/** What staff are told when they have the tablet back, and it is all that they are told. */
export function givenInWords(given: number): string {
  return `Answers given: ${given} of ${QUESTIONS.length}`;
}
