// @vitest-environment node
import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { beforeEach, describe, expect, it } from "vitest";

import { Database } from "./database";
import { INTERVAL_MS, LARGEST_BATCH, Outbox, type Status } from "./outbox";
import { importReceiptKey } from "./receipts";
import type { Stored } from "./records";
import type { Sealer } from "./sealing";
import { Store } from "./store";
import { DEVICE, ServerHalf, draft } from "./testing";
import type { Message, Outcome } from "./transport";

let server: ServerHalf;
let sealer: Sealer;
let database: Database;
let store: Store;
let said: Status[];
let troubles: unknown[];
/** What the server has, by id and hash, with how often it came. */
let arrived: Map<string, number>;
let clock: number;
/** Another window holds the lock. */
let isTaken: boolean;

beforeEach(async () => {
  globalThis.indexedDB = new IDBFactory();
  server = await ServerHalf.create();
  sealer = await server.sealer();
  database = new Database("tablet");
  store = new Store(database);
  said = [];
  troubles = [];
  arrived = new Map();
  clock = 0;
  isTaken = false;
});

async function outbox(send: (message: Message) => Promise<Outcome>, random = () => 1): Promise<Outbox> {
  return new Outbox({
    store,
    send,
    deviceId: DEVICE,
    receiptKey: await importReceiptKey(server.receiptKey),
    appVersion: "test",
    isPersistent: async () => Promise.resolve(true),
    locks: new OneAtATime(),
    wait: async (milliseconds) => {
      clock += milliseconds;
      return new Promise((done) => setTimeout(done));
    },
    now: () => clock,
    random,
    onChange: (status) => said.push(status),
    onTrouble: (error) => troubles.push(error),
  });
}

/** A server that takes everything in and gives the same receipt again for what it has. */
async function takeIn({ records }: Message): Promise<Outcome> {
  for (const { id, hash } of records) {
    arrived.set(`${id} ${hash}`, (arrived.get(`${id} ${hash}`) ?? 0) + 1);
  }
  const settled = await Promise.all(
    records.map(async (record) => ({ receipt: await server.receipt(record) })),
  );
  return { kind: "settled", settled, missing: [] };
}

async function save(number: number): Promise<Stored[]> {
  const stored = [];
  for (let index = 0; index < number; index += 1) {
    stored.push(await store.save(await sealer.seal(draft(), null)));
  }
  return stored;
}

describe("sending", () => {
  it("brings everything over in batches, in the order in which it was saved", async () => {
    await save(LARGEST_BATCH + 5);
    const numbers: number[] = [];
    const box = await outbox(async (message) => {
      numbers.push(...message.records.map(({ number }) => number));
      return takeIn(message);
    });

    expect(await box.sendOnce()).toBe(0);
    expect(await box.sendOnce()).toBe(INTERVAL_MS);

    expect(numbers).toEqual(Array.from({ length: LARGEST_BATCH + 5 }, (_, index) => index + 1));
    expect(said.at(-1)).toMatchObject({ saved: 0, sent: LARGEST_BATCH + 5, standing: { kind: "idle" } });
  });

  it("keeps what was lost on the way back, and doubles nothing that the server would not know", async () => {
    await save(3);
    let isLost = true;
    const box = await outbox(async (message) => {
      const outcome = await takeIn(message);
      return isLost ? { kind: "later", why: "TypeError" } : outcome;
    });

    await box.sendOnce();
    expect(await store.waiting(10)).toHaveLength(3);
    isLost = false;
    await box.sendOnce();

    expect([...arrived.values()]).toEqual([2, 2, 2]);
    expect(await store.waiting(10)).toEqual([]);
  });

  it("believes no receipt that it cannot prove", async () => {
    await save(2);
    const stranger = await ServerHalf.create();
    const box = await outbox(async ({ records }) => ({
      kind: "settled",
      settled: await Promise.all(
        records.map(async (record) => ({ receipt: await stranger.receipt(record) })),
      ),
      missing: [],
    }));

    await box.sendOnce();

    expect(await store.waiting(10)).toHaveLength(2);
    expect(said.at(-1)?.standing).toMatchObject({ kind: "waiting", why: "no receipt could be proved" });
  });

  it("takes each proved receipt, and sends the rest again", async () => {
    const [first] = await save(2);
    const box = await outbox(async (message) => {
      const outcome = await takeIn(message);
      return outcome.kind === "settled" ? { ...outcome, settled: outcome.settled.slice(0, 1) } : outcome;
    });

    expect(await box.sendOnce()).toBe(0);

    expect((await store.inState("sent")).map(({ number }) => number)).toEqual([first?.number]);
    expect(await store.waiting(10)).toHaveLength(1);
  });

  it("puts what the server could not settle before a person", async () => {
    const [record] = await save(1);
    const box = await outbox(async (message) => {
      const outcome = await takeIn(message);
      const settled = outcome.kind === "settled" ? outcome.settled : [];
      return {
        kind: "settled",
        settled: settled.map((one) => ({ ...one, reason: "No such session." })),
        missing: [],
      };
    });

    await box.sendOnce();

    expect(await store.find(record?.id ?? "", record?.hash ?? "")).toMatchObject({
      state: "attention",
      reason: "No such session.",
    });
  });

  it("finds the one record that cannot be read, and gets all others across", async () => {
    const records = await save(37);
    const poison = records[22];
    const box = await outbox(async (message) => {
      const isPoisoned = message.records.some(({ id }) => id === poison?.id);
      return isPoisoned ? { kind: "refused", reason: "It cannot be read." } : takeIn(message);
    });

    for (let rounds = 0; rounds < 40 && (await store.waiting(1)).length > 0; rounds += 1) {
      await box.sendOnce();
    }

    expect(await store.counts()).toMatchObject({ saved: 0, sent: 36, attention: 1 });
    expect((await store.inState("attention"))[0]?.id).toBe(poison?.id);
  });

  it("tells which numbers the server never got", async () => {
    await save(1);
    const box = await outbox(async (message) => ({ ...(await takeIn(message)), missing: [7] }) as Outcome);

    await box.sendOnce();

    expect(said.at(-1)?.missing).toEqual([7]);
  });

  it("lets the server hear of a tablet that has nothing to send", async () => {
    let manifests = 0;
    const box = await outbox(async (message) => {
      manifests += 1;
      return takeIn(message);
    });

    expect(await box.sendOnce()).toBe(INTERVAL_MS);

    expect(manifests).toBe(1);
    expect(said.at(-1)?.lastSentAt).toBeNull();
  });
});

describe("waiting", () => {
  it("grows, is scattered, and has an end", async () => {
    await save(1);
    const failing = async (): Promise<Outcome> => Promise.resolve({ kind: "later", why: "status 500" });
    const steady = await outbox(failing);
    const early = await outbox(failing, () => 0.25);

    const waits = [];
    for (let times = 0; times < 12; times += 1) {
      waits.push(await steady.sendOnce());
    }

    expect(waits.slice(0, 4)).toEqual([2000, 4000, 8000, 16000]);
    expect(waits.at(-1)).toBe(INTERVAL_MS);
    expect(await early.sendOnce()).toBe(500);
  });

  it("is what the server asked for at least, however often somebody saves", async () => {
    await save(1);
    const stop = new AbortController();
    const times: number[] = [];
    const box = await outbox(async (message) => {
      times.push(clock);
      box.nudge();
      if (times.length > 1) {
        stop.abort();
        return takeIn(message);
      }
      return Promise.resolve({ kind: "later", why: "status 429", after: 60 });
    });

    await box.run(stop.signal);

    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(60_000);
  });

  it("for a device that is not accepted loses nothing", async () => {
    await save(2);
    const box = await outbox(async () => Promise.resolve({ kind: "paused", why: "revoked" }));

    expect(await box.sendOnce()).toBe(INTERVAL_MS);

    expect(said.at(-1)).toMatchObject({ saved: 2, standing: { kind: "paused", why: "revoked" } });
  });
});

describe("running", () => {
  it("has one writer, though two tabs are open", async () => {
    await save(3);
    const stop = new AbortController();
    let [inside, most] = [0, 0];
    const locks = new OneAtATime();
    const send = async (message: Message): Promise<Outcome> => {
      inside += 1;
      most = Math.max(most, inside);
      await new Promise((done) => setTimeout(done, 5));
      inside -= 1;
      const outcome = await takeIn(message);
      if ((await store.waiting(10)).length === 0) {
        stop.abort();
      }
      return outcome;
    };
    const [first, second] = [await outbox(send), await outbox(send)];
    for (const box of [first, second]) {
      (box as unknown as { around: { locks: unknown } }).around.locks = locks;
    }

    await Promise.all([first.run(stop.signal), second.run(stop.signal)]);

    expect(most).toBe(1);
    expect([...arrived.values()]).toEqual([1, 1, 1]);
  });

  it("survives a store that cannot be opened, and says so", async () => {
    await save(1);
    const stop = new AbortController();
    const box = await outbox(async (message) => {
      stop.abort();
      return takeIn(message);
    });
    const working = globalThis.indexedDB;
    await database.close();
    globalThis.indexedDB = {
      open: () => {
        globalThis.indexedDB = working;
        throw new DOMException("gone", "AbortError");
      },
    } as unknown as IDBFactory;

    await box.run(stop.signal);

    expect(troubles).toMatchObject([{ name: "NotStored", trouble: "closed" }]);
    expect(arrived.size).toBe(1);
  });
});

/** Web Locks as far as the outbox asks: exclusive by name, in the order of asking, given up by a signal. */
class OneAtATime {
  private last: Promise<unknown> = Promise.resolve();

  async request(_: string, ...rest: unknown[]): Promise<never> {
    const [options, work] = rest as [LockOptions, (lock: Lock | null) => Promise<never>];
    if (options.ifAvailable && isTaken) {
      return work(null);
    }
    const before = this.last;
    const mine = before.then(async () => {
      options.signal?.throwIfAborted();
      return work({} as Lock);
    });
    this.last = mine.catch(() => undefined);
    return mine;
  }
}

describe("the worker, when nobody has the app open", () => {
  it("sends everything that waits, and is done", async () => {
    await save(LARGEST_BATCH + 1);

    const isDone = await (await outbox(takeIn)).drain();

    expect(isDone).toBe(true);
    expect((await store.counts()).saved).toBe(0);
    expect(arrived.size).toBe(LARGEST_BATCH + 1);
  });

  it("asks for another time while the server cannot be reached, and keeps everything", async () => {
    await save(3);

    const isDone = await (await outbox(async () => Promise.resolve({ kind: "later", why: "away" }))).drain();

    expect(isDone).toBe(false);
    expect((await store.counts()).saved).toBe(3);
  });

  it("leaves the sending to a window that does it already", async () => {
    await save(1);
    isTaken = true;

    const isDone = await (await outbox(takeIn)).drain();

    expect(isDone).toBe(true);
    expect(arrived.size).toBe(0);
  });
});
