/**
 * The shape of the tablet's database. A version that was shipped is never edited: a new one adds a step, and the tests
 * open every earlier shape with it. A step that meets a record it cannot read moves it to `quarantine` as it is.
 */
import type { DBSchema, IDBPDatabase } from "idb";

import type { State, Stored } from "./records";

export const VERSION = 1;

/** Small facts about this tablet, one row each. */
export interface Meta {
  /** The number of the last record ever made here. It never goes back. */
  lastNumber: number;
  /** When a receipt was last stored. */
  lastSentAt: number;
}

export interface Quarantined {
  from: number;
  why: string;
  value: unknown;
}

export interface Schema extends DBSchema {
  meta: { key: keyof Meta; value: number };
  /** Two contents under one id are two records: both are kept and sent, and a person settles them. */
  records: {
    key: [id: string, hash: string];
    value: Stored;
    indexes: { state: [State, number]; number: number; session: string };
  };
  quarantine: { key: number; value: Quarantined };
}

export function upgrade(database: IDBPDatabase<Schema>, from: number): void {
  if (from < 1) {
    database.createObjectStore("meta");
    const records = database.createObjectStore("records", { keyPath: ["id", "hash"] });
    records.createIndex("state", ["state", "number"]);
    records.createIndex("number", "number", { unique: true });
    records.createIndex("session", "sessionId");
    database.createObjectStore("quarantine", { autoIncrement: true });
  }
}
