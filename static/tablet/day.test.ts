// @vitest-environment node
import { describe, expect, it } from "vitest";

import { type Day, askDay, plannedSession } from "./day";

const DAY = {
  server_time: "2026-11-25T18:00:00+00:00",
  settled_until: "2026-11-25T17:50:00+00:00",
  cafe: { id: "cafe-1", name: "The Kettle" },
  sessions: [],
  people: [{ user_id: "asha", name: "Asha Patel", is_lead: false, is_manager: false }],
  services: [{ id: "s", name: "Debt advice", kind: "Money", what_for: "", phone: "0116", when_open: "" }],
  records: [],
  something_newer: true,
};
const KEPT = { etag: '"a"', since: "2026-11-25T17:50:00+00:00", day: { services: [] } as unknown as Day };

function answering(response: () => Response, seen: Request[] = []): typeof fetch {
  return async (address, options) => {
    seen.push(new Request(new URL(address as string, "https://cafe.example"), options));
    return Promise.resolve(response());
  };
}

describe("what the server says of the café", () => {
  it("is kept with what to ask for next time", async () => {
    const told = await askDay(
      "/today",
      "token",
      undefined,
      answering(() => Response.json(DAY, { headers: { etag: '"b"' } })),
    );

    expect(told).toMatchObject({
      kind: "told",
      kept: {
        etag: '"b"',
        since: DAY.settled_until,
        day: { cafe: { name: "The Kettle" }, services: DAY.services },
      },
    });
  });

  it("is asked for since the last time", async () => {
    const seen: Request[] = [];

    const told = await askDay(
      "/today",
      "token",
      KEPT,
      answering(() => new Response(null, { status: 304 }), seen),
    );

    expect(told).toEqual({ kind: "same" });
    expect(seen[0]?.url).toContain("since=2026-11-25T17%3A50%3A00%2B00%3A00");
    expect(seen[0]?.headers.get("if-none-match")).toBe('"a"');
    expect(seen[0]?.headers.get("authorization")).toBe("Tablet token");
  });

  it("that an older app kept without the services is asked for anew", async () => {
    const seen: Request[] = [];
    const older = { ...KEPT, day: {} as Day };

    await askDay(
      "/today",
      "token",
      older,
      answering(() => Response.json(DAY), seen),
    );

    expect(seen[0]?.headers.has("if-none-match")).toBe(false);
    expect(seen[0]?.url).toContain("since=");
  });

  it.each([
    ["a portal's page", () => new Response("<html>", { status: 200 }), "later"],
    ["something else", () => Response.json({ sessions: [] }), "later"],
    ["an error", () => new Response("", { status: 502 }), "later"],
    ["a revoked tablet", () => new Response("", { status: 401 }), "paused"],
  ])("is not replaced by %s", async (_, response, kind) => {
    expect((await askDay("/today", "token", KEPT, answering(response))).kind).toBe(kind);
  });

  it("stays as it was without a network", async () => {
    const offline: typeof fetch = async () => Promise.reject(new TypeError("offline"));

    expect(await askDay("/today", "token", KEPT, offline)).toEqual({ kind: "later" });
  });
});

describe("today's session", () => {
  const now = new Date(2026, 10, 25, 18);

  function day(...states: [string, string][]): Day {
    const sessions = states.map(([held_on, state], index) => ({
      id: String(index),
      held_on,
      state,
      opens: "18:00:00",
      closes: "22:00:00",
    }));
    return { cafe: { name: "The Kettle" }, sessions, people: [], records: [] };
  }

  it("is the one that a desk has opened, before one that is planned", () => {
    expect(plannedSession(day(["2026-11-25", "planned"], ["2026-11-25", "open"]), now)?.id).toBe("1");
  });

  it.each([["closed"], ["cancelled"]])("is none that is %s", (state) => {
    expect(plannedSession(day(["2026-11-25", state]), now)).toBeUndefined();
  });

  it("is none of another day", () => {
    expect(plannedSession(day(["2026-11-26", "planned"]), now)).toBeUndefined();
    expect(plannedSession(undefined, now)).toBeUndefined();
  });
});
