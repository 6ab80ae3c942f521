import { describe, expect, it } from "vitest";

import { QUESTIONS, type Question } from "./choices";
import {
  type Handed,
  answerWith,
  chosenIn,
  decline,
  done,
  givenIn,
  givenInWords,
  goBack,
  goOn,
  handTo,
  keepAnswer,
  questionOf,
  skip,
} from "./handed";

const [AGE, GENDER] = QUESTIONS as [Question, Question];
const DISABILITY = QUESTIONS.find(({ isMany }) => isMany) as Question;

function begun(): Handed {
  return goOn(handTo("session-1", "visit-1", "en"));
}

describe("what a visitor answers", () => {
  it("is told apart from what they prefer not to say, and from what they skipped", () => {
    const handed = skip(decline(answerWith(begun(), AGE, "30-34"), GENDER), QUESTIONS[2] as Question);

    expect(handed.answers).toEqual({ age_band: "30-34", gender_identity: "Z" });
    expect(questionOf(handed)?.name).toBe(QUESTIONS[3]?.name);
    expect(givenInWords(givenIn(handed))).toBe(`Answers given: 2 of ${QUESTIONS.length}`);
  });

  it("is taken back by skipping the question", () => {
    const answered = goBack(answerWith(begun(), AGE, "30-34"));

    expect(chosenIn(answered, AGE)).toEqual(["30-34"]);
    expect(skip(answered, AGE).answers).toEqual({});
  });

  it("is a list where several may hold, and an empty one was not asked", () => {
    const several = keepAnswer(begun(), DISABILITY, ["02", "09"]);

    expect(several.answers).toEqual({ disability: ["02", "09"] });
    expect(keepAnswer(several, DISABILITY, []).answers).toEqual({});
    expect(decline(several, DISABILITY).answers).toEqual({ disability: [DISABILITY.declined] });
  });

  it("is no longer here once it is a record, and how many it were is", () => {
    const ended = done(answerWith(begun(), AGE, "30-34"));

    expect(JSON.stringify(ended)).not.toContain("30-34");
    expect(ended).toMatchObject({ isDone: true, given: 1, answers: {} });
  });
});

describe("the pages", () => {
  it("lead from the greeting through every question to the last, and no further", () => {
    let handed = handTo("session-1", "visit-1", "en");
    const seen: (string | undefined)[] = [];
    for (let page = 0; page < QUESTIONS.length + 4; page += 1) {
      seen.push(questionOf(handed)?.name);
      handed = goOn(handed);
    }

    expect(seen.slice(1, QUESTIONS.length + 1)).toEqual(QUESTIONS.map(({ name }) => name));
    expect(handed.at).toBe(QUESTIONS.length + 1);
  });

  it("lead back to the greeting, and not out", () => {
    expect(goBack(goBack(begun())).at).toBe(0);
  });
});

describe("every question", () => {
  it("can be declined, apart from its answers", () => {
    for (const { name, declined, options } of QUESTIONS) {
      expect(declined, name).not.toBe("");
      expect(
        options.map(({ code }) => code),
        name,
      ).not.toContain(declined);
    }
  });
});
