/**
 * The records that this tablet keeps.
 *
 * A record is said to be saved when the browser has written it through to the disk and it was read back. The way out
 * is {@link Store.clearClosed} and {@link Store.clearSent}, which take only what the server has signed for.
 */
import { type Database, NotStored } from "./database";
import type { Receipt, Sealed, State, Stored } from "./records";

export interface Counts {
  saved: number;
  sent: number;
  attention: number;
  quarantined: number;
}

/** What the tablet tells the server of itself, so that a loss is seen. Ranges of numbers are inclusive. */
export interface Manifest {
  lastNumber: number;
  held: [from: number, to: number][];
  oldestSavedAt: number | null;
}

export class Store {
  constructor(
    private readonly database: Database,
    private readonly now: () => number = Date.now,
  ) {}

  /** Number a record and keep it. The same record again is the one that is there already. */
  async save(sealed: Sealed): Promise<Stored> {
    const stored = await this.database.write(["records", "meta"], async (transaction) => {
      const records = transaction.objectStore("records");
      const there = await records.get([sealed.id, sealed.hash]);
      if (there) {
        return there;
      }
      const meta = transaction.objectStore("meta");
      const number = ((await meta.get("lastNumber")) ?? 0) + 1;
      const record: Stored = { ...sealed, number, state: "saved", savedAt: this.now() };
      await records.add(record);
      await meta.put(number, "lastNumber");
      return record;
    });
    const readBack = await this.find(sealed.id, sealed.hash);
    if (readBack?.number !== stored.number) {
      throw new NotStored("lost");
    }
    return stored;
  }

  async find(id: string, hash: string): Promise<Stored | undefined> {
    return this.database.use((database) => database.get("records", [id, hash]));
  }

  /** Records that wait for the server, the earliest first. */
  async waiting(limit: number): Promise<Stored[]> {
    return this.database.use((database) =>
      database.getAllFromIndex("records", "state", inState("saved"), limit),
    );
  }

  async inState(state: State): Promise<Stored[]> {
    return this.database.use((database) => database.getAllFromIndex("records", "state", inState(state)));
  }

  /** What is nowhere but here: not sent, or not taken in. */
  async withoutReceipt(): Promise<Stored[]> {
    const records = [...(await this.inState("saved")), ...(await this.inState("attention"))];
    return records.filter(({ receipt }) => !receipt).sort(byNumber);
  }

  async ofSession(sessionId: string): Promise<Stored[]> {
    return this.database.use((database) => database.getAllFromIndex("records", "session", sessionId));
  }

  /** Store receipts that were proved. `reason`: the server keeps the record, and a person has to look at it. */
  async settle(settled: readonly { receipt: Receipt; reason?: string | undefined }[]): Promise<void> {
    await this.database.write(["records", "meta"], async (transaction) => {
      const records = transaction.objectStore("records");
      for (const { receipt, reason } of settled) {
        const record = await records.get([receipt.id, receipt.hash]);
        if (record) {
          const state: State = reason === undefined ? "sent" : "attention";
          await records.put({ ...record, state, receipt, ...(reason === undefined ? {} : { reason }) });
        }
      }
      await transaction.objectStore("meta").put(this.now(), "lastSentAt");
    });
  }

  /** Set a record aside that the server could not even read; without a receipt it stays here for good. */
  async needAttention(id: string, hash: string, reason: string): Promise<void> {
    await this.database.write(["records"], async (transaction) => {
      const records = transaction.objectStore("records");
      const record = await records.get([id, hash]);
      if (record) {
        await records.put({ ...record, state: "attention", reason });
      }
    });
  }

  /** Have what needed attention sent again, once a person mended what was in its way. */
  async tryAgain(id: string, hash: string): Promise<void> {
    await this.database.write(["records"], async (transaction) => {
      const records = transaction.objectStore("records");
      const record = await records.get([id, hash]);
      if (record?.state === "attention") {
        delete record.reason;
        await records.put({ ...record, state: "saved" });
      }
    });
  }

  /** People settled these at the server: they need nobody any more. A record without its receipt stays where it is. */
  async noteSettled(settled: readonly { id: string; hash: string }[]): Promise<void> {
    await this.database.write(["records"], async (transaction) => {
      const records = transaction.objectStore("records");
      for (const { id, hash } of settled) {
        const record = await records.get([id, hash]);
        if (record?.state === "attention" && record.receipt) {
          delete record.reason;
          await records.put({ ...record, state: "sent" });
        }
      }
    });
  }

  /**
   * Clear the sessions that are over: closed, and each record of them, the closing too, with its receipt and with nobody
   * needed. A session of which one record still waits stays whole.
   */
  async clearClosed(): Promise<number> {
    return this.database.write(["records"], async (transaction) => {
      const records = transaction.objectStore("records");
      // Of what is sent alone: a long queue has nothing that could go.
      const sent = await records.index("state").getAll(inState("sent"));
      const closed = new Set(
        sent
          .filter(({ kind, receipt }) => kind === "session_closed" && receipt)
          .map((each) => each.sessionId),
      );
      let cleared = 0;
      for (const session of closed) {
        const there = await records.index("session").getAll(session);
        if (there.every(({ state, receipt }) => state === "sent" && receipt)) {
          await Promise.all(there.map(async ({ id, hash }) => records.delete([id, hash])));
          cleared += there.length;
        }
      }
      return cleared;
    });
  }

  /** Clear sent records of other sessions than `keep`: each has its receipt, and only then does it go. */
  async clearSent(keep: ReadonlySet<string>): Promise<number> {
    return this.database.write(["records"], async (transaction) => {
      let cleared = 0;
      const index = transaction.objectStore("records").index("state");
      for await (const cursor of index.iterate(inState("sent"))) {
        if (cursor.value.receipt && !keep.has(cursor.value.sessionId)) {
          await cursor.delete();
          cleared += 1;
        }
      }
      return cleared;
    });
  }

  async counts(): Promise<Counts> {
    return this.database.use(async (database) => {
      const transaction = database.transaction(["records", "quarantine"]);
      const index = transaction.objectStore("records").index("state");
      const [saved, sent, attention, quarantined] = await Promise.all([
        index.count(inState("saved")),
        index.count(inState("sent")),
        index.count(inState("attention")),
        transaction.objectStore("quarantine").count(),
      ]);
      return { saved, sent, attention, quarantined };
    });
  }

  async lastSentAt(): Promise<number | null> {
    return (await this.database.use((database) => database.get("meta", "lastSentAt"))) ?? null;
  }

  /** Which numbers were given, and which of them are still here without a receipt. */
  async manifest(): Promise<Manifest> {
    // First, and before the queue: what is saved meanwhile has a later number, what is to be sent again is seen twice.
    const [lastNumber, attention] = await this.database.use(async (database) => {
      const transaction = database.transaction(["records", "meta"]);
      const there = transaction.objectStore("records").index("state").getAll(inState("attention"));
      const last = transaction.objectStore("meta").get("lastNumber");
      return Promise.all([last.then((number) => number ?? 0), there]);
    });
    const found = attention
      .filter(({ receipt }) => !receipt)
      .map(({ number, savedAt }) => ({ number, savedAt }));
    for await (const { number, savedAt, receipt } of this.queue()) {
      if (!receipt) {
        found.push({ number, savedAt });
      }
    }
    const held: [number, number][] = [];
    let oldestSavedAt: number | null = null;
    for (const { number, savedAt } of found.sort(byNumber)) {
      oldestSavedAt = Math.min(oldestSavedAt ?? savedAt, savedAt);
      const last = held.at(-1);
      if (last && number <= last[1] + 1) {
        last[1] = number;
      } else {
        held.push([number, number]);
      }
    }
    return { lastNumber, held, oldestSavedAt };
  }

  /**
   * Everything that waits, by number. Some at a time, each in a transaction of its own: a long queue that is read as a
   * whole lets nothing be saved and nothing be drawn until it was read.
   */
  private async *queue(): AsyncGenerator<Stored> {
    for (let after = 0; ;) {
      const range = IDBKeyRange.bound(["saved", after], ["saved", []], true);
      const some = await this.database.use((database) =>
        database.getAllFromIndex("records", "state", range, AT_A_TIME),
      );
      yield* some;
      const last = some.at(-1);
      if (!last || some.length < AT_A_TIME) {
        return;
      }
      after = last.number;
    }
  }
}

const AT_A_TIME = 200;

function byNumber(a: { number: number }, b: { number: number }): number {
  return a.number - b.number;
}

function inState(state: State): IDBKeyRange {
  return IDBKeyRange.bound([state], [state, []]);
}
