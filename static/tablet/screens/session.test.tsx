import { afterEach, beforeEach, describe, expect, it } from "vitest";

import type { Duty, SessionSeen, VisitSeen } from "../journal";
import { CloseScreen, DutyScreen, MOST_SHOWN, SessionScreen, initialsOf, stateOf } from "./session";
import { Screen } from "./testing";

let screen: Screen;

beforeEach(() => {
  screen = new Screen();
});

afterEach(() => {
  screen.remove();
});

function visit(changes: Partial<VisitSeen> = {}): VisitSeen {
  return {
    id: crypto.randomUUID(),
    body: { arrived_at: "18:04", reasons: ["anxiety"] },
    wording: "hash",
    recordedAt: "2026-11-25T18:04:00+00:00",
    isWithdrawn: false,
    hasAnswered: false,
    state: "saved",
    ...changes,
  };
}

function session(visits: VisitSeen[]): SessionSeen {
  return {
    id: "s",
    duty: { users: ["asha"], initials: ["BK"] },
    visits,
    isOpen: true,
    isClosed: false,
    unseen: 0,
  };
}

describe("closing", () => {
  let closed: [number, string][];

  beforeEach(() => {
    closed = [];
    screen.show(
      <CloseScreen
        recorded={3}
        onClose={(tally, reason) => closed.push([tally, reason])}
        onBack={() => undefined}
      />,
    );
  });

  it("takes a count that is that of the records", () => {
    screen.type("3");
    screen.tap("Next");

    expect(closed).toEqual([[3, ""]]);
  });

  it("asks why more were counted, in the words of the desk", () => {
    screen.type("5");
    screen.tap("Next");
    expect(screen.root.textContent).toContain("You counted 5 at the door, and 3 visits are recorded.");

    screen.tap("Staff or volunteers were counted at the door");

    expect(closed).toEqual([[5, "staff_counted"]]);
  });

  it("takes no other reason for a count below the records than that it is wrong", () => {
    screen.type("2");
    screen.tap("Next");

    expect(screen.root.textContent).not.toContain("Somebody left and came back");
    screen.tap("The count at the door was wrong");

    expect(closed).toEqual([[2, "miscounted"]]);
  });

  it.each(["", "-1", "2.5", "many", "12345"])("refuses “%s” as a count", (typed) => {
    screen.type(typed);
    screen.tap("Next");

    expect(screen.alert).toContain("whole number");
    expect(closed).toEqual([]);
  });
});

describe("who is on duty", () => {
  it("is at least one", () => {
    let went = false;
    const duty: Duty = { users: [], initials: [] };
    screen.show(
      <DutyScreen
        title="Open the session"
        confirm="Open"
        people={[{ id: "asha", name: "Asha Patel" }]}
        duty={duty}
        onChange={() => undefined}
        onNext={() => (went = true)}
        onBack={() => undefined}
      />,
    );

    screen.tap("Open");

    expect(screen.alert).toContain("Choose who is on duty");
    expect(went).toBe(false);
  });

  it("may be people without an account, by their initials, each once", () => {
    expect(initialsOf(" ab, CD,ab ,")).toEqual(["AB", "CD"]);
  });
});

describe("a session", () => {
  function show(visits: VisitSeen[]): void {
    screen.show(
      <SessionScreen
        session={session(visits)}
        names={new Map([["asha", "Asha Patel"]])}
        onRecord={() => undefined}
        onVisit={() => undefined}
        onDuty={() => undefined}
        onClose={() => undefined}
      />,
    );
  }

  it("that is very long shows its last visits, counts them all, and shows the others when it is asked", () => {
    show(Array.from({ length: MOST_SHOWN + 2 }, () => visit()));
    const atFirst = screen.root.querySelectorAll(".app-visits li").length;
    expect(screen.root.textContent).toContain(`${MOST_SHOWN + 2} visits so far`);

    screen.tap("Show the 2 earlier visits");

    expect(atFirst).toBe(MOST_SHOWN);
    expect(screen.root.querySelectorAll(".app-visits li")).toHaveLength(MOST_SHOWN + 2);
  });

  it("counts the visits that stand, and says of each whether it was sent", () => {
    show([visit(), visit({ state: "sent" }), visit({ isWithdrawn: true })]);

    const text = screen.root.textContent;
    expect(text).toContain("2 visits so far");
    expect(text).toContain("On duty: Asha Patel, BK");
    expect(screen.root.querySelectorAll(".app-visits button[disabled]")).toHaveLength(1);
  });

  it.each([
    [{ state: "saved", isWithdrawn: false } as const, "Saved on this tablet"],
    [{ state: "sent", isWithdrawn: false } as const, "Sent"],
    [{ state: "attention", isWithdrawn: false } as const, "Needs attention"],
    [{ state: "sent", isWithdrawn: true } as const, "Withdrawn"],
  ])("says %j in the app's words", (seen, words) => {
    expect(stateOf(seen)).toBe(words);
  });
});
