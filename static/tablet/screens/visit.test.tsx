import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { type Entry, entryOf, newEntry } from "../entry";
import { Screen } from "./testing";
import { VisitScreen } from "./visit";

let screen: Screen;
let entry: Entry;
let saved: Entry[];
let left: number;

beforeEach(() => {
  screen = new Screen();
  entry = newEntry(new Date(2026, 10, 25, 18, 4), "visit-1");
  saved = [];
  left = 0;
});

afterEach(() => {
  screen.remove();
});

function show(): void {
  screen.show(
    <VisitScreen
      entry={entry}
      isSaving={false}
      onChange={(changed) => {
        entry = changed;
      }}
      onSave={() => saved.push(entry)}
      onLeave={() => (left += 1)}
    />,
  );
}

function tap(words: string): void {
  show();
  screen.tap(words);
  show();
}

function type(text: string): void {
  show();
  screen.type(text);
  show();
}

describe("a walk-in", () => {
  it("is recorded in eight taps from the first question", () => {
    tap("Somebody who gives no name");
    tap("7");
    tap("Anxiety");
    tap("Next");
    tap("Refreshments");
    tap("Next");
    tap("4");
    expect(screen.heading).toBe("Check and save");
    tap("Save visit");

    expect(screen.taps).toBe(8);
    expect(saved[0]?.body).toEqual({
      who: { kind: "anonymous" },
      arrived_at: "18:04",
      distress_before: 7,
      reasons: ["anxiety"],
      support: [{ kind: "refreshments" }],
      distress_after: 4,
    });
  });

  it("can be left without a record from the first screen", () => {
    tap("Back");

    expect(left).toBe(1);
    expect(saved).toEqual([]);
  });

  it("may have every question left unanswered", () => {
    tap("Somebody who gives no name");
    tap("Not recorded");
    tap("Next");
    tap("Next");
    tap("Not recorded");

    expect(screen.heading).toBe("Check and save");
    expect(entry.body).toEqual({ who: { kind: "anonymous" }, arrived_at: "18:04" });
  });
});

describe("a returning visitor", () => {
  it("is asked for the code, and an empty one says what to do", () => {
    tap("Somebody with a return code");

    tap("Next");

    expect(screen.alert).toContain("Enter the return code");
    expect(document.activeElement).toBe(screen.root.querySelector("input"));
  });

  it("keeps what was typed with every key", () => {
    tap("Somebody with a return code");
    type("bluebird");

    expect(entry.body.who).toEqual({ kind: "code", code: "bluebird" });
    tap("Next");
    expect(screen.heading).toBe("How distressed are they on arrival?");
  });
});

describe("minutes of a one-to-one", () => {
  it.each(["0", "601", "ten", "1.5"])("of “%s” are refused in words, and stay as typed", (typed) => {
    entry = { ...entry, step: "minutes", body: { support: [{ kind: "one_to_one" }] } };
    type(typed);

    tap("Next");

    expect(screen.alert).toContain("whole number from 1 to 600");
    expect(screen.root.querySelector("input")?.value).toBe(typed);
  });

  it("are kept with the support", () => {
    entry = { ...entry, step: "minutes", body: { support: [{ kind: "one_to_one" }, { kind: "group" }] } };
    type("25");

    tap("Next");

    expect(entry.body.support).toEqual([{ kind: "one_to_one", minutes: 25 }, { kind: "group" }]);
  });
});

describe("several answers", () => {
  it("are pressed and released", () => {
    entry = { ...entry, step: "reasons" };
    tap("Anxiety");
    tap("Stress");
    tap("Anxiety");

    expect(entry.body.reasons).toEqual(["stress"]);
    expect(screen.root.querySelector("[aria-pressed=true]")?.textContent).toBe("Stress");
  });

  it("of which one stands alone take the others away", () => {
    entry = { ...entry, step: "helped" };
    tap("Company");
    tap("Nothing helped");

    expect(entry.body.helped).toEqual(["nothing"]);
    tap("Advice");
    expect(entry.body.helped).toEqual(["advice"]);
  });
});

describe("a recorded visit", () => {
  it("is changed from a list of its answers, and comes back to it", () => {
    entry = entryOf("visit-1", { came_for: "self", reasons: ["anxiety"] });
    tap("Change reasons");
    tap("Anxiety");
    tap("Housing");
    tap("Next");

    expect(screen.heading).toBe("Change this visit");
    expect(entry.body).toEqual({ came_for: "self", reasons: ["housing"] });
  });
});

describe("every screen", () => {
  it("gives its heading the focus, so that it is read out", () => {
    tap("Somebody who gives no name");

    expect(document.activeElement?.textContent).toBe("How distressed are they on arrival?");
  });
});
