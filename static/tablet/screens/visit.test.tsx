import { afterEach, beforeEach, describe, expect, it } from "vitest";

import type { Service } from "../day";
import { type Entry, entryOf, newEntry } from "../entry";
import { Screen } from "./testing";
import { VisitScreen } from "./visit";

function service(id: string, name: string, kind: string): Service {
  return { id, name, kind, what_for: "", phone: "0116 000 0000", when_open: "Mondays" };
}

const SERVICES = [
  service("debt", "Debt advice", "Money and debt"),
  service("food", "Food bank", "Money and debt"),
  service("talk", "Bereavement line", "Bereavement"),
];

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
      services={SERVICES}
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

describe("where somebody was pointed to", () => {
  it("is chosen from the directory, with what they need to go there", () => {
    entry = { ...entry, step: "signposted", isChecked: true };
    show();
    expect([...screen.root.querySelectorAll("h2")].map((each) => each.textContent)).toEqual([
      "Money and debt",
      "Bereavement",
    ]);
    expect(screen.root.textContent).toContain("0116 000 0000, Mondays");

    tap("Debt advice");
    tap("Bereavement line");
    tap("Next");

    expect(entry.body.signposted).toEqual(["debt", "talk"]);
    expect(screen.root.textContent).toContain("Debt advice, Bereavement line");
  });

  it("is taken back, and that there was none is said, since silence would leave it", () => {
    entry = entryOf("visit-1", { signposted: ["debt"] });
    tap("Change pointed to");
    tap("Debt advice");
    tap("Next");

    expect(entry.body).toEqual({ signposted: [] });
  });

  it("stays with a visit when the service has left the list", () => {
    entry = entryOf("visit-1", { signposted: ["ended", "food"] });
    show();
    expect(screen.root.textContent).toContain("Food bank, a service that is not listed");

    tap("Change pointed to");
    tap("Food bank");
    tap("Next");

    expect(entry.body.signposted).toEqual(["ended"]);
  });

  it("is found by a word where the directory is long", () => {
    SERVICES.push(...Array.from({ length: 8 }, (_, at) => service(`s${at}`, `Group ${at}`, "Groups")));
    entry = { ...entry, step: "signposted" };
    type("bereav");
    expect(screen.has("Bereavement line")).toBe(true);
    expect(screen.has("Food bank")).toBe(false);

    type("nothing like it");
    expect(screen.root.textContent).toContain("No service is called that.");
    SERVICES.splice(3);
  });
});

describe("somebody who is known by name", () => {
  it("may be asked how to reach them, and the name stays when it is put right", () => {
    tap("Somebody who wants to be known by name");
    type("Noor");
    tap("Next");
    expect(screen.heading).toBe("How can they be reached?");
    type("0116 111 1111");
    tap("Next");
    expect(screen.heading).toBe("How distressed are they on arrival?");

    entry = { ...entry, step: "name" };
    type("Nour");

    expect(entry.body.who).toEqual({ kind: "named", name: "Nour", contact: "0116 111 1111" });
  });
});

describe("the time of arrival", () => {
  it.each([
    ["6.05", "06:05"],
    ["1805", "18:05"],
    ["18:05", "18:05"],
    ["", undefined],
  ])("typed as “%s” is kept as %s", (typed, kept) => {
    entry = { ...entry, step: "arrived_at", isChecked: true };
    type(typed);
    tap("Next");

    expect(entry.body.arrived_at).toBe(kept);
    expect(screen.heading).toBe("Check and save");
  });

  it.each(["25:00", "18:61", "six"])("typed as “%s” is refused in words, and stays as typed", (typed) => {
    entry = { ...entry, step: "arrived_at" };
    type(typed);
    tap("Next");

    expect(screen.alert).toContain("for example 18:05");
    expect(screen.field().value).toBe(typed);
  });
});

describe("every screen", () => {
  it("gives its heading the focus, so that it is read out", () => {
    tap("Somebody who gives no name");

    expect(document.activeElement?.textContent).toBe("How distressed are they on arrival?");
  });
});
