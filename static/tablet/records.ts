/**
 * What a tablet records, and how it travels. docs/tablet-sync.md is the description; a shape that was shipped once is
 * understood by the server for ever, so a change here is a new `version` and a new file in the server's corpus.
 */

/** What a record says happened. */
export type Kind =
  "session_opened" | "on_duty" | "visit" | "visit_changed" | "visit_withdrawn" | "answers" | "session_closed";

/**
 * What is sealed for the server. `salt` keeps two equal visits from having equal hashes: without it, whoever holds a
 * locked tablet could try contents until a hash fits.
 */
export interface Payload {
  version: 1;
  salt: string;
  kind: Kind;
  /** When it was recorded by the tablet's clock, with its offset; the server judges how far that clock is off. */
  recordedAt: string;
  /** The member of staff whose PIN had opened the tablet; empty when nobody had signed. */
  recordedBy: string;
  body: Record<string, unknown>;
}

/** A payload that only the server can open. Bytes are base64url. */
export interface Envelope {
  /** The public half of the key pair that this run of the app made for sealing. */
  key: string;
  iv: string;
  data: string;
}

/** Where a record is on its way. `saved`: here only. `sent`: the server's receipt is here. `attention`: a person is needed. */
export type State = "saved" | "sent" | "attention";

export interface Receipt {
  id: string;
  hash: string;
  receivedAt: string;
  mac: string;
}

/** A record before it is stored: encrypted twice, for this tablet's screen and for the server. */
export interface Sealed {
  id: string;
  kind: Kind;
  sessionId: string;
  /** The visit that a visitor's own answers are about: all that this tablet may know of them. */
  about?: string;
  /** How many of the questions they answered, declining included: all that staff are told. */
  given?: number;
  /** SHA-256 of the payload's bytes, base64url: what a receipt has to name. */
  hash: string;
  envelope: Envelope;
  /** The payload under the tablet's data key; absent where staff must not see it again, as a visitor's answers. */
  local?: { iv: ArrayBuffer; data: ArrayBuffer };
}

/** A stored record. `number` counts what this tablet ever recorded, so that the server can name what is missing. */
export interface Stored extends Sealed {
  number: number;
  state: State;
  savedAt: number;
  receipt?: Receipt;
  /** Why the server could not take it in, in words for the worker. */
  reason?: string;
}
