import { describe, expect, it } from "vitest";

import { type Entry, answer, back, entryOf, goTo, keep, newEntry, path } from "./entry";

const MOMENT = new Date(2026, 10, 25, 18, 4);

function answered(...changes: Parameters<typeof answer>[1][]): Entry {
  return changes.reduce<Entry>((entry, change) => answer(entry, change), newEntry(MOMENT, "visit-1"));
}

describe("a new visit", () => {
  it("begins with who is here, and knows when it was", () => {
    expect(newEntry(MOMENT, "visit-1")).toEqual({
      id: "visit-1",
      isChange: false,
      step: "who",
      isChecked: false,
      body: { who: { kind: "anonymous" }, arrived_at: "18:04" },
    });
  });

  it("of somebody without a name is on the last screen after five answers", () => {
    const entry = answered(
      {},
      { distress_before: 7 },
      { reasons: ["anxiety"] },
      { support: [] },
      { distress_after: 4 },
    );

    expect(entry.step).toBe("check");
    expect(entry.body).toMatchObject({ distress_before: 7, distress_after: 4, reasons: ["anxiety"] });
  });

  it("asks for the code of somebody who has one, and for the minutes of a one-to-one", () => {
    const entry = answered({ who: { kind: "code", code: "" } });

    expect(entry.step).toBe("code");
    expect(path(keep(entry, { support: [{ kind: "one_to_one" }] }))).toEqual([
      "who",
      "code",
      "distress_before",
      "reasons",
      "support",
      "minutes",
      "distress_after",
      "check",
    ]);
  });

  it("leaves out what was unanswered again", () => {
    const entry = answer(goTo(answered({}, { distress_before: 7 }), "distress_before"), {
      distress_before: undefined,
    });

    expect(entry.body).not.toHaveProperty("distress_before");
  });
});

describe("going back", () => {
  it("leads through the screens that were asked, and from the first to none", () => {
    const entry = answered({ who: { kind: "named", name: "", contact: "" } });

    const first = back(entry);

    expect(first?.step).toBe("who");
    expect(first && back(first)).toBeNull();
  });

  it("keeps what was typed", () => {
    const entry = keep(answered({ who: { kind: "code", code: "" } }), {
      who: { kind: "code", code: "bluebird" },
    });

    expect(back(entry)?.body.who).toEqual({ kind: "code", code: "bluebird" });
  });

  it("from a question that was added leads to the last screen", () => {
    expect(back(goTo(answered({}), "helped"))?.step).toBe("check");
  });
});

describe("changing an answer from the last screen", () => {
  it("leads straight back to it", () => {
    const entry = answer(goTo(entryOf("visit-1", { reasons: ["anxiety"] }), "reasons"), {
      reasons: ["stress"],
    });

    expect(entry).toMatchObject({ step: "check", body: { reasons: ["stress"] } });
  });

  it("still asks for what belongs to the new answer", () => {
    const entry = answer(goTo(entryOf("visit-1", {}), "support"), { support: [{ kind: "one_to_one" }] });

    expect(entry.step).toBe("minutes");
    expect(answer(entry, {}).step).toBe("check");
  });
});
