// @vitest-environment node
import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { openDB } from "idb";
import { beforeEach, describe, expect, it } from "vitest";

import { Database } from "./database";
import { DeviceStore } from "./device";
import { createDataKey, importDataKey } from "./keys";
import type { Sealed, Stored } from "./records";
import { Store } from "./store";
import { ServerHalf, draft } from "./testing";

/** The shape of version 1, written out: what was shipped is not imported from what may change. */
async function keepAsVersion1(records: Sealed[]): Promise<void> {
  const database = await openDB("tablet", 1, {
    upgrade: (opened) => {
      opened.createObjectStore("meta");
      const store = opened.createObjectStore("records", { keyPath: ["id", "hash"] });
      store.createIndex("state", ["state", "number"]);
      store.createIndex("number", "number", { unique: true });
      store.createIndex("session", "sessionId");
      opened.createObjectStore("quarantine", { autoIncrement: true });
    },
  });
  for (const [index, sealed] of records.entries()) {
    const stored: Stored = { ...sealed, number: index + 1, state: "saved", savedAt: index };
    await database.add("records", stored);
  }
  await database.put("meta", records.length, "lastNumber");
  database.close();
}

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

describe("the store of version 1", () => {
  it("keeps each record, its number and its place in the queue", async () => {
    const sealer = await (await ServerHalf.create()).sealer();
    const records = await Promise.all([1, 2, 3].map(async () => sealer.seal(draft(), null)));
    await keepAsVersion1(records);

    const store = new Store(new Database("tablet"));

    expect((await store.waiting(10)).map(({ id }) => id)).toEqual(records.map(({ id }) => id));
    expect((await store.save(await sealer.seal(draft(), null))).number).toBe(4);
  });

  it("takes an enrolment and drafts", async () => {
    await keepAsVersion1([]);
    const devices = new DeviceStore(new Database("tablet"));
    const dataKey = await importDataKey(createDataKey());

    await devices.keepDraft("visit", 1, dataKey);

    expect(await devices.device()).toBeUndefined();
    expect(await devices.draft("visit", dataKey)).toBe(1);
  });
});
