// @vitest-environment node
import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { openDB } from "idb";
import { beforeEach, describe, expect, it } from "vitest";

import { Database } from "./database";
import type { Sealed, Stored } from "./records";
import { VERSION } from "./schema";
import type { Sealer } from "./sealing";
import { Store } from "./store";
import { ServerHalf, draft } from "./testing";

let server: ServerHalf;
let sealer: Sealer;
let database: Database;
let store: Store;

beforeEach(async () => {
  globalThis.indexedDB = new IDBFactory();
  server = await ServerHalf.create();
  sealer = await server.sealer();
  database = new Database("tablet");
  store = new Store(database, () => 1000);
});

async function sealed(sessionId = "session-1"): Promise<Sealed> {
  return sealer.seal(draft({ sessionId }), null);
}

describe("saving", () => {
  it("numbers records without a gap, however many are saved at once", async () => {
    const records = await Promise.all(Array.from({ length: 40 }, () => sealed()));

    const stored = await Promise.all(records.map((record) => store.save(record)));

    const numbers = stored.map(({ number }) => number).sort((a, b) => a - b);
    expect(numbers).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
    expect(await store.counts()).toEqual({ saved: 40, sent: 0, attention: 0, quarantined: 0 });
  });

  it("keeps the same record once, after a double tap", async () => {
    const record = await sealed();

    const [first, second] = await Promise.all([store.save(record), store.save(record)]);

    expect(first.number).toBe(second.number);
    expect((await store.counts()).saved).toBe(1);
  });

  it("keeps both contents that two tabs saved under one id", async () => {
    const made = draft();
    const other = new Store(new Database("tablet"));

    await store.save(await sealer.seal(made, null));
    await other.save(await sealer.seal({ ...made, body: { came_for: "carer" } }, null));

    expect((await store.waiting(10)).map(({ id, number }) => [id, number])).toEqual([
      [made.id, 1],
      [made.id, 2],
    ]);
  });

  it("goes on after the system closed the database underneath", async () => {
    await store.save(await sealed());
    await closeUnderneath(database);

    const stored = await store.save(await sealed());

    expect(stored.number).toBe(2);
  });

  it("says that a newer app has the store, and changes nothing", async () => {
    const newer = await openDB("tablet", VERSION + 1);

    const saving = store.save(await sealed());

    await expect(saving).rejects.toMatchObject({ name: "NotStored", trouble: "newer" });
    newer.close();
  });

  it("says that there is no room, and takes no number for it", async () => {
    await store.save(await sealed());
    const full = await sealed();
    const restore = refuseNextAdd();

    await expect(store.save(full)).rejects.toMatchObject({ name: "NotStored", trouble: "full" });
    restore();

    expect((await store.manifest()).lastNumber).toBe(1);
    expect((await store.save(full)).number).toBe(2);
  });
});

describe("receipts", () => {
  it("let a record leave the queue, and it stays to be seen until its session is over", async () => {
    const record = await store.save(await sealed());

    await store.settle([{ receipt: await server.receipt(record) }]);

    expect(await store.waiting(10)).toEqual([]);
    expect(await store.clearSent(new Set(["session-1"]))).toBe(0);
    expect(await store.clearSent(new Set())).toBe(1);
    expect(await store.find(record.id, record.hash)).toBeUndefined();
  });

  it("of another content leave the record in the queue", async () => {
    const record = await store.save(await sealed());

    await store.settle([{ receipt: { ...(await server.receipt(record)), hash: "another" } }]);

    expect(await store.waiting(10)).toHaveLength(1);
  });

  it("with a reason put the record before a person, from where it may be sent again", async () => {
    const record = await store.save(await sealed());

    await store.settle([{ receipt: await server.receipt(record), reason: "This session is not known." }]);

    expect((await store.inState("attention"))[0]?.reason).toBe("This session is not known.");
    await store.tryAgain(record.id, record.hash);
    expect(await store.waiting(10)).toHaveLength(1);
  });

  it("of a record that people settled at the server let it need nobody any more", async () => {
    const record = await store.save(await sealed());
    await store.settle([{ receipt: await server.receipt(record), reason: "Two records came." }]);

    await store.noteSettled([record]);

    expect(await store.counts()).toMatchObject({ sent: 1, attention: 0 });
    expect((await store.find(record.id, record.hash))?.reason).toBeUndefined();
  });

  it("that never came are not made up by what people settled", async () => {
    const record = await store.save(await sealed());
    await store.needAttention(record.id, record.hash, "It could not be read.");

    await store.noteSettled([record]);

    expect(await store.counts()).toMatchObject({ sent: 0, attention: 1 });
  });

  it("are needed before anything is cleared", async () => {
    await store.save(await sealed());
    const refused = await store.save(await sealed());
    await store.needAttention(refused.id, refused.hash, "It could not be read.");

    expect(await store.clearSent(new Set())).toBe(0);
    expect(await store.counts()).toMatchObject({ saved: 1, attention: 1 });
  });
});

describe("a session that is over", () => {
  async function evening(sessionId: string): Promise<Stored[]> {
    const kinds = ["session_opened", "visit", "answers", "session_closed"] as const;
    const made = await Promise.all(kinds.map(async (kind) => sealer.seal(draft({ kind, sessionId }), null)));
    const stored = [];
    for (const record of made) {
      stored.push(await store.save(record));
    }
    return stored;
  }

  async function settle(records: readonly Stored[], reason?: string): Promise<void> {
    const receipts = await Promise.all(records.map(async (record) => server.receipt(record)));
    await store.settle(receipts.map((receipt) => ({ receipt, reason })));
  }

  it("is cleared when every record has its receipt, and nothing counts as missing", async () => {
    await settle(await evening("session-1"));

    expect(await store.clearClosed()).toBe(4);

    expect(await store.counts()).toEqual({ saved: 0, sent: 0, attention: 0, quarantined: 0 });
    expect(await store.manifest()).toEqual({ lastNumber: 4, held: [], oldestSavedAt: null });
  });

  it.each([0, 1, 2, 3])("stays whole while record %i of it has no receipt", async (index) => {
    const records = await evening("session-1");
    await settle(records.filter((_, at) => at !== index));

    expect(await store.clearClosed()).toBe(0);

    expect(await store.ofSession("session-1")).toHaveLength(4);
  });

  it("stays whole while one of its records needs a person", async () => {
    const records = await evening("session-1");
    await settle(records.slice(1));
    await settle(records.slice(0, 1), "A code is not known.");

    expect(await store.clearClosed()).toBe(0);
  });

  it("takes no other session with it, and an open one stays however much of it was sent", async () => {
    await settle(await evening("session-1"));
    await settle((await evening("session-2")).slice(0, 3));
    const open = await store.save(await sealed("session-3"));
    await settle([open]);

    expect(await store.clearClosed()).toBe(4);

    expect(await store.ofSession("session-2")).toHaveLength(4);
    expect(await store.ofSession("session-3")).toHaveLength(1);
  });
});

describe("the manifest", () => {
  it("names every number that is here without a receipt, as ranges", async () => {
    const stored = [];
    for (let index = 0; index < 6; index += 1) {
      stored.push(await store.save(await sealed()));
    }

    for (const record of stored.filter(({ number }) => number === 3 || number === 4)) {
      await store.settle([{ receipt: await server.receipt(record) }]);
    }

    expect(await store.manifest()).toEqual({
      lastNumber: 6,
      held: [
        [1, 2],
        [5, 6],
      ],
      oldestSavedAt: 1000,
    });
  });

  it("of a long queue is whole, whatever of it needs a person and whatever is saved meanwhile", async () => {
    for (let index = 0; index < 450; index += 1) {
      const record = await store.save(await sealed());
      if (index % 100 === 7) {
        await store.needAttention(record.id, record.hash, "It could not be read.");
      }
    }
    const one = await sealed();

    const [manifest] = await Promise.all([store.manifest(), store.save(one)]);

    expect(manifest).toMatchObject({ lastNumber: 450, oldestSavedAt: 1000 });
    expect(manifest.held.slice(0, 1)).toEqual([[1, expect.toSatisfy((last: number) => last >= 450)]]);
  });

  it("of a new tablet is empty", async () => {
    expect(await store.manifest()).toEqual({ lastNumber: 0, held: [], oldestSavedAt: null });
  });
});

/** As the system does under memory pressure: the connection is gone and the store was not asked. */
async function closeUnderneath(victim: Database): Promise<void> {
  await victim.use(async (opened) => {
    opened.close();
    return Promise.resolve();
  });
}

/** The disk is full: IndexedDB refuses with this error. */
function refuseNextAdd(): () => void {
  const original = Object.getOwnPropertyDescriptor(IDBObjectStore.prototype, "add");
  const refuse = (): never => {
    throw new DOMException("No room", "QuotaExceededError");
  };
  Object.defineProperty(IDBObjectStore.prototype, "add", { ...original, value: refuse });
  return () => {
    Object.defineProperty(IDBObjectStore.prototype, "add", original ?? {});
  };
}
