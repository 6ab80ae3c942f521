import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { QUESTIONS, type Question } from "../choices";
import { loadLanguage } from "../languages";
import { FirstLanguage } from "./first-language";
import { Screen } from "./testing";

const QUESTION = QUESTIONS.find(({ name }) => name === "language") as Question;
const polish = await loadLanguage("pl");

let screen: Screen;
let chosen: string[];

beforeEach(() => {
  screen = new Screen();
  chosen = [];
});

afterEach(() => {
  screen.remove();
});

function show(before?: string): void {
  screen.show(
    <FirstLanguage
      question={QUESTION}
      language={polish}
      chosen={before}
      onChoose={(code) => chosen.push(code)}
    />,
  );
}

function answers(): string[] {
  return [...screen.root.querySelectorAll(".app-answer")].map((each) => each.textContent);
}

describe("the first language", () => {
  it("is chosen from those near the cafés, each in its own words and in the visitor's", () => {
    show();

    expect(answers()).toContain("ਪੰਜਾਬੀ – pendżabski");
    expect(answers()).toContain("polski");
    screen.tap("ਪੰਜਾਬੀ");

    expect(chosen).toEqual(["pa"]);
  });

  it("is found among all others by its name here, by its own, or by part of it", () => {
    show();
    screen.tap("Inny język");
    expect(answers()).toHaveLength(QUESTION.options.length);

    for (const typed of ["ukrai", "україн"]) {
      screen.type(typed);
      expect(answers()).toEqual(["ukraiński"]);
    }
    screen.tap("ukraiński");

    expect(chosen).toEqual(["uk"]);
  });

  it("is shown among all others where it was chosen before", () => {
    show("uk");

    expect(screen.root.querySelector("[aria-pressed=true]")?.textContent).toBe("ukraiński");
  });

  it("has a name of its own for every code of the list", () => {
    show("uk");

    expect(new Set(answers()).size).toBe(QUESTION.options.length);
  });
});
