// @vitest-environment node
import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { beforeEach, describe, expect, it } from "vitest";

import { Database } from "./database";
import { Journal, type Writer, withOffset } from "./journal";
import { createDataKey, importDataKey } from "./keys";
import { Store } from "./store";
import { CAFE, ServerHalf } from "./testing";

const NOBODY = { users: [], initials: [] };

let server: ServerHalf;
let store: Store;
let dataKey: CryptoKey;
let writer: Writer;
let saved: number;
let journal: Journal;
let session: string;

beforeEach(async () => {
  globalThis.indexedDB = new IDBFactory();
  server = await ServerHalf.create();
  store = new Store(new Database("tablet"), () => 1000);
  dataKey = await importDataKey(createDataKey());
  writer = { id: "asha", dataKey };
  saved = 0;
  journal = new Journal(
    store,
    await server.sealer(),
    CAFE,
    () => writer,
    () => (saved += 1),
    () => new Date("2026-11-25T18:00:00Z"),
  );
  session = await journal.openSession({ users: ["asha"], initials: ["BK"] });
});

async function sent(): Promise<unknown[]> {
  const records = await store.waiting(100);
  return Promise.all(records.map(async (record) => (await server.open(record)).body));
}

describe("a session on the tablet", () => {
  it("is open from the record that opens it, with who is on duty", async () => {
    expect(await journal.session(session, dataKey)).toMatchObject({
      id: session,
      isOpen: true,
      duty: { users: ["asha"], initials: ["BK"] },
      visits: [],
    });
  });

  it("that was planned goes by the plan's id", async () => {
    expect(await journal.openSession(NOBODY, "planned-1")).toBe("planned-1");
    expect((await sent()).at(-1)).toEqual({ session: "planned-1", users: [], initials: [] });
  });

  it("shows who is on duty now", async () => {
    await journal.setDuty(session, { users: ["bea"], initials: [] });

    expect((await journal.session(session, dataKey)).duty).toEqual({ users: ["bea"], initials: [] });
  });

  it("is closed by its count at the door", async () => {
    await journal.closeSession(session, 7, "staff_counted");

    expect(await journal.session(session, dataKey)).toMatchObject({ isOpen: false, isClosed: true });
    expect((await sent()).at(-1)).toEqual({
      session,
      door_tally: 7,
      tally_reason: "staff_counted",
    });
  });

  it("of another day is kept apart", async () => {
    await journal.recordVisit(session, crypto.randomUUID(), {});
    const other = await journal.openSession(NOBODY);

    expect((await journal.session(other, dataKey)).visits).toEqual([]);
  });
});

describe("a visit", () => {
  it("is shown as it was entered, and tells that it was saved", async () => {
    const id = crypto.randomUUID();

    await journal.recordVisit(session, id, { came_for: "self", reasons: ["anxiety"] });

    const { visits } = await journal.session(session, dataKey);
    expect(visits).toMatchObject([
      { id, body: { came_for: "self", reasons: ["anxiety"] }, state: "saved", isWithdrawn: false },
    ]);
    expect(saved).toBe(2);
  });

  it("changed twice follows its last wording each time", async () => {
    const id = crypto.randomUUID();
    const first = await journal.recordVisit(session, id, { came_for: "self" });

    const second = await journal.changeVisit(session, id, { came_for: "as_carer" });
    await journal.changeVisit(session, id, { came_for: "with_someone" });

    const bodies = await sent();
    expect(bodies.slice(-2)).toEqual([
      { visit: id, follows: first.hash, came_for: "as_carer" },
      { visit: id, follows: second.hash, came_for: "with_someone" },
    ]);
    expect((await journal.session(session, dataKey)).visits[0]?.body).toEqual({ came_for: "with_someone" });
  });

  it("withdrawn is seen as such and is not changed any more", async () => {
    const id = crypto.randomUUID();
    await journal.recordVisit(session, id, {});

    await journal.withdrawVisit(session, id, "duplicate");

    expect((await journal.session(session, dataKey)).visits[0]?.isWithdrawn).toBe(true);
    await expect(journal.changeVisit(session, id, {})).rejects.toThrow("withdrawn");
  });

  it("that is not here is neither changed nor withdrawn, and nothing is recorded of it", async () => {
    await expect(journal.changeVisit(session, "elsewhere", {})).rejects.toThrow("not on the tablet");
    await expect(journal.withdrawVisit(session, "elsewhere", "duplicate")).rejects.toThrow(
      "not on the tablet",
    );

    expect(await sent()).toHaveLength(1);
  });

  it("says the worst of what became of its records", async () => {
    const id = crypto.randomUUID();
    const first = await journal.recordVisit(session, id, {});
    const change = await journal.changeVisit(session, id, { came_for: "self" });
    await store.settle([
      { receipt: await server.receipt(first) },
      { receipt: await server.receipt(change), reason: "Somebody else changed this visit." },
    ]);

    expect((await journal.session(session, dataKey)).visits[0]).toMatchObject({
      state: "attention",
      reason: "Somebody else changed this visit.",
    });
  });

  it("entered while nobody had signed is nobody's, is sent, and is counted as not to be shown", async () => {
    writer = null;

    await journal.recordVisit(session, crypto.randomUUID(), { came_for: "self" });

    expect(await journal.session(session, dataKey)).toMatchObject({ visits: [], unseen: 1 });
    const last = (await store.waiting(10)).at(-1);
    expect(last && (await server.open(last))).toMatchObject({ recordedBy: "", body: { came_for: "self" } });
  });
});

describe("what a visitor answers alone", () => {
  it("reaches the server and is known here only as given", async () => {
    const id = crypto.randomUUID();
    await journal.recordVisit(session, id, {});

    const record = await journal.giveAnswers(session, id, { ethnicity: "A" });

    expect(record.local).toBeUndefined();
    expect((await sent()).at(-1)).toEqual({ visit: id, answers: { ethnicity: "A" } });
    const [visit] = (await journal.session(session, dataKey)).visits;
    expect(visit).toMatchObject({ hasAnswered: true, body: {} });
    expect(JSON.stringify(visit)).not.toContain("ethnicity");
  });
});

describe("the time of a record", () => {
  it("has the tablet's offset", () => {
    const moment = new Date("2026-11-25T18:00:00Z");

    expect(new Date(withOffset(moment)).getTime()).toBe(moment.getTime());
    expect(withOffset(moment)).toMatch(/^2026-11-2\dT\d{2}:\d{2}:00[+-]\d{2}:\d{2}$/);
  });
});
