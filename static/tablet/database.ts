/**
 * The one connection to the tablet's database, shared by what keeps things in it. It asks the browser to write through
 * to the disk, opens again what the system closed underneath, and gives every failure a name that a screen can act on.
 */
import { type IDBPDatabase, type IDBPTransaction, type StoreNames, openDB } from "idb";

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

export type Writing = IDBPTransaction<Schema, StoreNames<Schema>[], "readwrite">;

// Durability has to be asked for: the default of Chromium answers once the operating system has the bytes.
const THROUGH = { durability: "strict" } as const;

export class Database {
  private opened: Promise<IDBPDatabase<Schema>> | undefined;

  constructor(private readonly name: string) {}

  /** One transaction over `names`: all of it is on the disk when this resolves, or none of it. */
  async write<T>(names: StoreNames<Schema>[], work: (transaction: Writing) => Promise<T>): Promise<T> {
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
  async use<T>(work: (database: IDBPDatabase<Schema>) => Promise<T>): Promise<T> {
    try {
      return await work(await this.open());
    } catch (error) {
      if (!isClosed(error)) {
        throw trouble(error);
      }
      this.opened = undefined;
    }
    try {
      return await work(await this.open());
    } catch (error) {
      throw trouble(error);
    }
  }

  async close(): Promise<void> {
    const database = this.opened;
    this.opened = undefined;
    (await database)?.close();
  }

  private async open(): Promise<IDBPDatabase<Schema>> {
    this.opened ??= openDB<Schema>(this.name, VERSION, {
      upgrade,
      // A newer app in another tab waits for this connection to go before it can migrate.
      blocking: () => void this.close(),
      terminated: () => {
        this.opened = undefined;
      },
    }).catch((error: unknown) => {
      this.opened = undefined;
      throw error;
    });
    return this.opened;
  }
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
