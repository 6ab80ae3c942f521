/**
 * What this tablet keeps: only here is IndexedDB touched.
 *
 * A record is said to be saved when the browser has written it through to the disk and it was read back. The one way out
 * is {@link Store.clearSent}, which takes only what the server has signed for.
 */
import { type IDBPDatabase, type IDBPTransaction, type StoreNames, openDB } from "idb";

import type { Receipt, Sealed, State, Stored } from "./records";
import { type Schema, VERSION, upgrade } from "./schema";

export type Trouble = "full" | "closed" | "lost" | "newer";

/** The record is not on this tablet. `trouble` decides what the screen says to do. */
export class NotStored extends Error {
  override name = "NotStored";

  constructor(
    readonly trouble: Trouble,
    options?: ErrorOptions,
  ) {
    super(`Not stored: ${trouble}`, options);
  }
}

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

type Writing = IDBPTransaction<Schema, StoreNames<Schema>[], "readwrite">;

// Durability has to be asked for: the default of Chromium answers once the operating system has the bytes.
const THROUGH = { durability: "strict" } as const;

export class Store {
  private database: Promise<IDBPDatabase<Schema>> | undefined;

  constructor(
    private readonly name: string,
    private readonly now: () => number = Date.now,
  ) {}

  /** Number a record and keep it. The same record again is the one that is there already. */
  async save(sealed: Sealed): Promise<Stored> {
    const stored = await this.write(["records", "meta"], async (transaction) => {
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
    return this.use((database) => database.get("records", [id, hash]));
  }

  /** Records that wait for the server, the earliest first. */
  async waiting(limit: number): Promise<Stored[]> {
    return this.use((database) => database.getAllFromIndex("records", "state", inState("saved"), limit));
  }

  async inState(state: State): Promise<Stored[]> {
    return this.use((database) => database.getAllFromIndex("records", "state", inState(state)));
  }

  async ofSession(sessionId: string): Promise<Stored[]> {
    return this.use((database) => database.getAllFromIndex("records", "session", sessionId));
  }

  /** Store receipts that were proved. `reason`: the server keeps the record, and a person has to look at it. */
  async settle(settled: readonly { receipt: Receipt; reason?: string | undefined }[]): Promise<void> {
    await this.write(["records", "meta"], async (transaction) => {
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
    await this.write(["records"], async (transaction) => {
      const records = transaction.objectStore("records");
      const record = await records.get([id, hash]);
      if (record) {
        await records.put({ ...record, state: "attention", reason });
      }
    });
  }

  /** Have what needed attention sent again, once a person mended what was in its way. */
  async tryAgain(id: string, hash: string): Promise<void> {
    await this.write(["records"], async (transaction) => {
      const records = transaction.objectStore("records");
      const record = await records.get([id, hash]);
      if (record?.state === "attention") {
        delete record.reason;
        await records.put({ ...record, state: "saved" });
      }
    });
  }

  /** Clear sent records of other sessions than `keep`: each has its receipt, and only then does it go. */
  async clearSent(keep: ReadonlySet<string>): Promise<number> {
    return this.write(["records"], async (transaction) => {
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
    return this.use(async (database) => {
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
    return (await this.use((database) => database.get("meta", "lastSentAt"))) ?? null;
  }

  /** Which numbers were given, and which of them are still here without a receipt. */
  async manifest(): Promise<Manifest> {
    return this.use(async (database) => {
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

  async close(): Promise<void> {
    const database = this.database;
    this.database = undefined;
    (await database)?.close();
  }

  private async write<T>(
    names: StoreNames<Schema>[],
    work: (transaction: Writing) => Promise<T>,
  ): Promise<T> {
    return this.use(async (database) => {
      const transaction = database.transaction(names, "readwrite", THROUGH);
      try {
        const result = await work(transaction);
        await transaction.done;
        return result;
      } catch (error) {
        // What went wrong is thrown by the request; `done` rejects with it once more and must not go unheard.
        await transaction.done.catch(() => undefined);
        throw transaction.error ?? error;
      }
    });
  }

  /** Run with the open database. A connection that the system closed underneath is opened again, once. */
  private async use<T>(work: (database: IDBPDatabase<Schema>) => Promise<T>): Promise<T> {
    try {
      return await work(await this.open());
    } catch (error) {
      if (!isClosed(error)) {
        throw trouble(error);
      }
      this.database = undefined;
    }
    try {
      return await work(await this.open());
    } catch (error) {
      throw trouble(error);
    }
  }

  private async open(): Promise<IDBPDatabase<Schema>> {
    this.database ??= openDB<Schema>(this.name, VERSION, {
      upgrade,
      // A newer app in another tab waits for this connection to go before it can migrate.
      blocking: () => void this.close(),
      terminated: () => {
        this.database = undefined;
      },
    }).catch((error: unknown) => {
      this.database = undefined;
      throw error;
    });
    return this.database;
  }
}

function inState(state: State): IDBKeyRange {
  return IDBKeyRange.bound([state], [state, []]);
}

function isClosed(error: unknown): boolean {
  return error instanceof DOMException && ["InvalidStateError", "UnknownError"].includes(error.name);
}

function trouble(error: unknown): unknown {
  if (!(error instanceof DOMException)) {
    return error;
  }
  switch (error.name) {
    case "QuotaExceededError":
      return new NotStored("full", { cause: error });
    case "VersionError":
      return new NotStored("newer", { cause: error });
    default:
      return new NotStored("closed", { cause: error });
  }
}
