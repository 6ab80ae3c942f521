/**
 * The shape of the tablet's database. A version that was shipped is never edited: a new one adds a step, and the tests
 * open every earlier shape with it. A step that meets a record it cannot read moves it to `quarantine` as it is.
 */
import type { DBSchema, IDBPDatabase } from "idb";

import type { Day } from "./day";
import type { Encrypted, PinWrap } from "./keys";
import type { State, Stored } from "./records";

export const VERSION = 2;

/** Small facts about this tablet, one row each. */
export interface Meta {
  /** The number of the last record ever made here. It never goes back. */
  lastNumber: number;
  /** When a receipt was last stored. */
  lastSentAt: number;
  /** Since when a new version of the app is held back by what is half entered; absent while none waits. */
  heldBackSince: number;
}

export interface Quarantined {
  from: number;
  why: string;
  value: unknown;
}

/** What this tablet was given when it was enrolled. The secrets are under `key`, which the browser does not hand out. */
export interface Device {
  deviceId: string;
  cafeId: string;
  cafeName: string;
  serverKey: string;
  key: CryptoKey;
  token: Encrypted;
  receiptKey: Encrypted;
  enrolledAt: number;
  /** The server said that it keeps the recovery share of the data key. Absent until then, and after enrolling anew. */
  isShareKept?: boolean;
}

/** A member of staff who opens this tablet with a PIN of their own. */
export interface Person {
  id: string;
  name: string;
  wrap: PinWrap;
  /** Wrong PINs since the last right one, written down before each try: a restart forgives none. */
  wrongTries: number;
  lastTriedAt: number;
}

export interface KeptDay {
  etag: string;
  since: string;
  day: Day;
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
  device: { key: "this"; value: Device };
  people: { key: string; value: Person };
  /** What is being entered, under the data key, so that neither the lock nor a flat battery loses it. */
  drafts: { key: string; value: Encrypted };
  /** What the server last said of the café: no visitor, and nothing of a visit. */
  day: { key: "this"; value: KeptDay };
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
  if (from < 2) {
    database.createObjectStore("device");
    database.createObjectStore("people", { keyPath: "id" });
    database.createObjectStore("drafts");
    database.createObjectStore("day");
  }
}
