import { describe, expect, it } from "vitest";

import { QUESTIONS, type Question } from "./choices";
import english from "./languages/en.json";
import {
  type Language,
  type Offered,
  NEAR,
  codesToSay,
  loadLanguage,
  loadLanguages,
  progressIn,
  textOf,
  wordingIn,
} from "./languages";

const offered = await loadLanguages();
const all = offered.map(({ code, language }): [string, Language] => [code, language]);

function question(name: string): Question {
  const found = QUESTIONS.find((each) => each.name === name);
  if (!found) {
    throw new Error(`No question ${name}`);
  }
  return found;
}

describe("the languages", () => {
  it("begin with English and Easy Read, and the others are in order", () => {
    const [first, second, ...others] = offered.map(({ language }: Offered) => language.english);

    expect([first, second]).toEqual(["English", "Easy Read"]);
    expect(others).toEqual([...others].sort((a, b) => a.localeCompare(b, "en-GB")));
  });

  it("are those that were promised to visitors", () => {
    expect(offered.map(({ language }) => language.english).sort()).toEqual([
      "Bengali",
      "Chinese",
      "Easy Read",
      "English",
      "Gujarati",
      "Polish",
      "Punjabi",
      "Somali",
    ]);
  });

  it("that are not here are not had", async () => {
    await expect(loadLanguage("xx")).rejects.toThrow(RangeError);
  });
});

describe.each(all)("%s", (code, language) => {
  it("says everything that English says, and nothing that English does not", () => {
    expect(Object.keys(language).sort()).toEqual(Object.keys(english).sort());
    expect(Object.keys(language.words).sort()).toEqual(Object.keys(english.words).sort());
    for (const [name, wording] of Object.entries<string>({ ...language.words })) {
      expect(wording.trim(), name).not.toBe("");
    }
  });

  it("asks each question with the codes of choices.json", () => {
    expect(Object.keys(language.questions).sort()).toEqual(QUESTIONS.map(({ name }) => name).sort());
    for (const each of QUESTIONS) {
      const { text, options } = language.questions[each.name] ?? { text: "", options: {} };
      expect(text.trim(), each.name).not.toBe("");
      expect(Object.keys(options).sort(), each.name).toEqual(codesToSay(each).sort());
    }
  });

  it("gives no two answers of a question the same words", () => {
    for (const each of QUESTIONS.filter(({ name }) => name !== "language")) {
      const wordings = each.options.map((choice) => wordingIn(language, each, choice));
      expect(new Set(wordings).size, each.name).toBe(wordings.length);
      expect(wordings, each.name).not.toContain(language.words.decline);
    }
  });

  it("counts the questions in its own words", () => {
    expect(progressIn(language.words, 3)).toMatch(/3.*14|14.*3/);
    expect(progressIn(language.words, 3)).not.toMatch(/[{}]/);
  });

  it("names the browser's language, and is a draft until somebody confirmed it on a day", () => {
    expect(Intl.getCanonicalLocales(language.locale)).toEqual([language.locale]);
    const isConfirmed = language.confirmedBy !== "" && /^\d{4}-\d\d-\d\d$/.test(language.confirmedOn);
    const isUnconfirmed = language.confirmedBy === "" && language.confirmedOn === "";
    expect(language.status === "confirmed" ? isConfirmed : isUnconfirmed).toBe(true);
    expect(language.status === "source").toBe(code === "en");
  });
});

describe("an answer", () => {
  const polish = offered.find(({ code }) => code === "pl")?.language as Language;

  it.each([
    ["age_band", "30-34", "30–34"],
    ["age_band", "75+", "75+"],
    ["age_band", "u18", "Poniżej 18"],
    ["language", "gu", "gudżarati"],
    ["language", "q4", "Brytyjski język migowy"],
    // Kept by the server as a language of its own; the browser takes it for another name of Romanian.
    ["language", "mo", "Moldavian"],
  ])("of %s coded %s says %s", (name, code, wording) => {
    const choice = question(name).options.find((each) => each.code === code);

    expect(choice && wordingIn(polish, question(name), choice)).toBe(wording);
  });

  it("of a question that is newer than the file is in English", () => {
    const newer: Question = { ...question("religion"), name: "newer", text: "Something new" };

    expect(textOf(polish, newer)).toBe("Something new");
    expect(wordingIn(polish, newer, { code: "X", wording: "As it is" })).toBe("As it is");
  });

  it("of the languages near the cafés is one that the question has", () => {
    const codes = question("language").options.map(({ code }) => code);

    expect(NEAR.filter((code) => !codes.includes(code))).toEqual([]);
  });
});
