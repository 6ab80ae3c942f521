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
    return records.filter(({ receipt }) => !receipt).sort((a, b) => a.number - b.number);
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
      const closed = new Set<string>();
      const held = new Set<string>();
      for await (const { value } of records) {
        if (value.state !== "sent" || !value.receipt) {
          held.add(value.sessionId);
        } else if (value.kind === "session_closed") {
          closed.add(value.sessionId);
        }
      }
      let cleared = 0;
      for (const session of closed) {
        if (!held.has(session)) {
          for await (const cursor of records.index("session").iterate(session)) {
            await cursor.delete();
            cleared += 1;
          }
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
    return this.database.use(async (database) => {
      const transaction = database.transaction(["records", "meta"]);
      const lastNumber = (await transaction.objectStore("meta").get("lastNumber")) ?? 0;
      const held: [number, number][] = [];
      let oldestSavedAt: number | null = null;
      for await (const { value } of transaction.objectStore("records").index("number")) {
        if (value.receipt) {
          continue;
        }
        oldestSavedAt = Math.min(oldestSavedAt ?? value.savedAt, value.savedAt);
        const last = held.at(-1);
        if (last?.[1] === value.number - 1) {
          last[1] = value.number;
        } else {
          held.push([value.number, value.number]);
        }
      }
      return { lastNumber, held, oldestSavedAt };
    });
  }
}

function inState(state: State): IDBKeyRange {
  return IDBKeyRange.bound([state], [state, []]);
}
