/// <reference types="vite/client" />
/**
 * The languages in which visitors are asked: one file each, fetched when it is needed, so that the app itself stays
 * small. A file is a draft until a speaker confirmed it; staff see that where they choose the language.
 */
import { type Choice, QUESTIONS, type Question } from "./choices";

export interface Words {
  hello: string;
  why: string;
  optional: string;
  unseen: string;
  start: string;
  progress: string;
  next: string;
  back: string;
  skip: string;
  decline: string;
  many: string;
  read: string;
  stop: string;
  otherLanguage: string;
  findLanguage: string;
  last: string;
  lastHint: string;
  finish: string;
  thanks: string;
  giveBack: string;
  giveToStaff: string;
  toQuestions: string;
  notKept: string;
  urgent: string;
  danger: string;
  crisis: string;
  close: string;
}

export interface Language {
  /** `source`: what the others are translated from. `draft`: by nobody who speaks it, or nobody confirmed it yet. */
  status: "source" | "draft" | "confirmed";
  /** Who confirmed it, and on which day: both, or neither. */
  confirmedBy: string;
  confirmedOn: string;
  /** As its speakers call it, and as staff do. */
  name: string;
  english: string;
  locale: string;
  words: Words;
  questions: Record<string, { text: string; options: Record<string, string> }>;
}

export interface Offered {
  code: string;
  language: Language;
}

const FILES = import.meta.glob<Language>("./languages/*.json", { import: "default" });
const FIRST = ["en", "easy-read"];
/** What people near the cafés speak most, by the census of 2021; the others are one tap further. */
export const NEAR = ["en", "gu", "pa", "pl", "bn", "so", "zh", "ur", "hi", "ar", "ro", "pt", "tr", "q4"];

export async function loadLanguage(code: string): Promise<Language> {
  const load = FILES[`./languages/${code}.json`];
  if (!load) {
    throw new RangeError("There is no such language here.");
  }
  return load();
}

/** Every language that this tablet has, English first; one whose file cannot be had now is left out. */
export async function loadLanguages(): Promise<Offered[]> {
  const codes = Object.keys(FILES).map((path) => path.replace(/^.*\/(.*)\.json$/, "$1"));
  const loaded = await Promise.allSettled(
    codes.map(async (code) => ({ code, language: await loadLanguage(code) })),
  );
  const offered = loaded.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
  const place = ({ code }: Offered): number => (FIRST.includes(code) ? FIRST.indexOf(code) : FIRST.length);
  return offered.sort(
    (a, b) => place(a) - place(b) || a.language.english.localeCompare(b.language.english, "en-GB"),
  );
}

export function textOf(language: Language, { name, text }: Question): string {
  return language.questions[name]?.text ?? text;
}

/** What an answer says in this language. Ages are figures everywhere, and the browser knows the names of languages. */
export function wordingIn(language: Language, { name }: Question, { code, wording }: Choice): string {
  const said = language.questions[name]?.options[code];
  if (said !== undefined) {
    return said;
  }
  if (name === "language") {
    return nameOfLanguage(code, language.locale) ?? wording;
  }
  return isFigures(code) ? code.replace("-", "–") : wording;
}

/** What a file has to say of a question: the codes whose wording nothing else gives. */
export function codesToSay({ name, options }: Question): string[] {
  const codes = options.map(({ code }) => code);
  // By q and a figure the list names what has no code of ISO 639: Braille, Makaton, and signed languages.
  return codes.filter((code) => (name === "language" ? /^q\d$/.test(code) : !isAge(name, code)));
}

function isAge(name: string, code: string): boolean {
  return name === "age_band" && isFigures(code);
}

function isFigures(code: string): boolean {
  return /^\d+(-\d+|\+)$/.test(code);
}

/** As `locale` calls it; undefined where the browser does not know, or knows the code as another one's alias. */
export function nameOfLanguage(code: string, locale: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(code)[0] === code
      ? new Intl.DisplayNames([locale], { type: "language", fallback: "none" }).of(code)
      : undefined;
  } catch {
    return undefined;
  }
}

export function progressIn(words: Words, at: number): string {
  return words.progress.replace("{at}", String(at)).replace("{of}", String(QUESTIONS.length));
}
