import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { NotStored } from "../database";
import { ChoosePerson, EnterPin, NewPin, faultOfOpening } from "./lock";
import { Screen } from "./testing";

let screen: Screen;
let tried: string[];

beforeEach(() => {
  screen = new Screen();
  tried = [];
});

afterEach(() => {
  screen.remove();
});

function enter(answer: string | null): void {
  screen.show(
    <EnterPin
      title="Asha Patel"
      onPin={async (pin) => {
        tried.push(pin);
        return Promise.resolve(answer);
      }}
      onBack={() => undefined}
    />,
  );
}

describe("the locked tablet", () => {
  it("shows the café and the people who open it", () => {
    const chosen: string[] = [];
    screen.show(
      <ChoosePerson
        cafeName="The Kettle"
        people={[{ id: "asha", name: "Asha Patel" }]}
        onChoose={({ id }) => chosen.push(id)}
      />,
    );

    screen.tap("Asha Patel");

    expect(screen.heading).toBe("The Kettle");
    expect(chosen).toEqual(["asha"]);
  });

  it("says what to do while nobody has a PIN", () => {
    screen.show(<ChoosePerson cafeName="The Kettle" people={[]} onChoose={() => undefined} />);

    expect(screen.root.textContent).toContain("Ask your manager");
  });
});

describe("a PIN", () => {
  it("is tried once, though the button is tapped twice", async () => {
    enter(null);
    screen.type("480213");

    screen.tap("Open");
    screen.tap("One moment…");
    await screen.settle();

    expect(tried).toEqual(["480213"]);
  });

  it("that is wrong is said, and its digits are gone from the field", async () => {
    enter("That is not your PIN.");
    screen.type("480213");

    screen.tap("Open");
    await screen.settle();

    expect(screen.alert).toContain("That is not your PIN.");
    expect(screen.field().value).toBe("");
  });

  it.each([
    [new NotStored("closed"), "could not be tried"],
    [new NotStored("full"), "Record on paper now"],
  ])("that could not be tried at all says so: %s", async (error, words) => {
    screen.show(
      <EnterPin title="Asha Patel" onPin={async () => Promise.reject(error)} onBack={() => undefined} />,
    );
    screen.type("480213");

    screen.tap("Open");
    await screen.settle();

    expect(screen.alert).toContain(words);
  });

  it("with too few digits is not tried", async () => {
    enter(null);
    screen.type("4802");

    screen.tap("Open");
    await screen.settle();

    expect(screen.alert).toContain("Enter 6 digits");
    expect(tried).toEqual([]);
  });
});

describe("a new PIN", () => {
  async function choose(...pins: string[]): Promise<void> {
    screen.show(
      <NewPin
        person={{ id: "asha", name: "Asha Patel" }}
        onPin={async (pin) => {
          tried.push(pin);
          return Promise.resolve(null);
        }}
        onBack={() => undefined}
      />,
    );
    for (const [index, pin] of pins.entries()) {
      screen.type(pin);
      screen.tap(index === 0 ? "Next" : "Set PIN");
      await screen.settle();
    }
  }

  it("is asked twice", async () => {
    await choose("480213", "480213");

    expect(tried).toEqual(["480213"]);
  });

  it("that was typed differently the second time is kept for nobody", async () => {
    await choose("480213", "480214");

    expect(tried).toEqual([]);
    expect(screen.heading).toBe("Choose a PIN, Asha Patel");
    expect(screen.alert).toContain("The two were not the same");
  });

  it("that is easy to guess is refused before it is asked again", async () => {
    await choose("123456");

    expect(screen.alert).toContain("harder to guess");
    expect(screen.heading).toBe("Choose a PIN, Asha Patel");
  });
});

describe("what came of a PIN", () => {
  it.each([
    [{ kind: "wrong", until: 0, left: 9 } as const, "That is not your PIN."],
    [
      { kind: "wrong", until: 31_000, left: 7 } as const,
      "That is not your PIN. Wait 30 seconds before you try again.",
    ],
    [
      { kind: "wrong", until: 901_000, left: 1 } as const,
      "That is not your PIN. Wait 15 minutes before you try again. 1 more and only your manager can let you in.",
    ],
    [{ kind: "wait", until: 2_000 } as const, "Wait 1 second before you try again"],
  ])("is said in words: %j", (opening, words) => {
    expect(faultOfOpening(opening, 1_000)).toBe(words);
  });

  it("tells somebody who is barred whom to ask, and that nothing is lost", () => {
    const words = faultOfOpening({ kind: "barred" }, 0);

    expect(words).toContain("Ask your manager");
    expect(words).toContain("Nothing is lost");
  });
});
