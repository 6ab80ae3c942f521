import { afterEach, beforeEach, describe, expect, it } from "vitest";

import type { Status } from "../outbox";
import { LOW_SPACE, StatusStrip, Warnings, lastSent, notStored, standingWarnings } from "./status";
import { Screen } from "./testing";
import { UrgentHelp } from "./urgent";

const QUIET: Status = {
  saved: 0,
  sent: 4,
  attention: 0,
  quarantined: 0,
  standing: { kind: "idle" },
  lastSentAt: 1000,
  missing: [],
};
const WELL = { isPersistent: true, freeBytes: LOW_SPACE, standing: QUIET.standing, missing: [] };

let screen: Screen;

beforeEach(() => {
  screen = new Screen();
});

afterEach(() => {
  screen.remove();
});

describe("the strip", () => {
  it("does not call a tablet online that the server does not answer", () => {
    screen.show(
      <StatusStrip
        status={{ ...QUIET, standing: { kind: "waiting", until: 2000, why: "TypeError" } }}
        isOnline
        now={1000}
        onAttention={() => undefined}
      />,
    );

    expect(screen.root.textContent).toContain("The server does not answer");
    expect(screen.root.textContent).not.toContain("Online");
  });

  it("says in words what is only here, and how to get at what needs a person", () => {
    let opened = 0;
    screen.show(
      <StatusStrip
        status={{ ...QUIET, saved: 3, attention: 1, quarantined: 1 }}
        isOnline={false}
        now={1000}
        onAttention={() => (opened += 1)}
      />,
    );

    screen.tap("2 needing attention");

    expect(screen.root.textContent).toContain("Offline");
    expect(screen.root.textContent).toContain("3 saved on this tablet, not sent yet");
    expect(opened).toBe(1);
  });

  it.each([
    [null, "Nothing sent yet"],
    [59_999, "Last sent just now"],
    [60_000, "Last sent 1 minute ago"],
    [2 * 3_600_000, "Last sent 2 hours ago"],
    [24 * 3_600_000, "Last sent 1 day ago"],
  ])("says of %s milliseconds “%s”", (ago, words) => {
    expect(lastSent(ago === null ? null : 0, ago ?? 0)).toBe(words);
  });
});

describe("warnings", () => {
  it("are none on a tablet that is well", () => {
    expect(standingWarnings(WELL)).toEqual([]);
  });

  it.each([
    [{ ...WELL, isPersistent: false }, "may throw away"],
    [{ ...WELL, freeBytes: LOW_SPACE - 1 }, "nearly full"],
    [{ ...WELL, standing: { kind: "paused", why: "revoked" } as const }, "enrolled again"],
    [{ ...WELL, missing: [12] }, "A record of this tablet went missing"],
    [{ ...WELL, missing: [12, 14] }, "2 records of this tablet went missing"],
  ])("say what is wrong: %j", (told, words) => {
    expect(
      standingWarnings(told)
        .map(({ title }) => title)
        .join(),
    ).toContain(words);
  });

  it.each(["full", "closed", "lost", "newer"] as const)(
    "of a visit that is not stored (%s) are read out at once",
    (trouble) => {
      screen.show(<Warnings warnings={[notStored(trouble)]} isUrgent />);

      expect(screen.alert).toContain("Not saved");
    },
  );
});

describe("urgent help", () => {
  it("can be dialled with a tap, and leads back", () => {
    let closed = 0;
    screen.show(<UrgentHelp onClose={() => (closed += 1)} />);

    screen.tap("Go back");

    expect([...screen.root.querySelectorAll("a")].map(({ href }) => href)).toEqual([
      "tel:999",
      "tel:08088003302",
    ]);
    expect(closed).toBe(1);
  });
});
