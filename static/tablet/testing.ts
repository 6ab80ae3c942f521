/** What the tests of this room share: a server's half of the keys, and records as the app makes them. */
import { type Bytes, fromBase64Url, randomBytes, toBase64Url, toBytes, toText } from "./bytes";
import { decrypt } from "./keys";
import { signedText } from "./receipts";
import type { Payload, Receipt, Sealed } from "./records";
import { type Draft, Sealer, contextOf } from "./sealing";

export const CAFE = "cafe-1";
export const DEVICE = "device-1";

export function draft(changes: Partial<Draft> = {}): Draft {
  return {
    id: crypto.randomUUID(),
    kind: "visit",
    sessionId: "session-1",
    recordedAt: "2026-11-25T18:00:00+00:00",
    recordedBy: "asha",
    body: { came_for: "self" },
    ...changes,
  };
}

/** The server's half, written from docs/tablet-sync.md and not from sealing.ts. */
export class ServerHalf {
  private constructor(
    private readonly pair: CryptoKeyPair,
    readonly publicKey: Bytes,
    readonly receiptKey: Bytes,
  ) {}

  static async create(): Promise<ServerHalf> {
    const pair = await crypto.subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, false, [
      "deriveBits",
    ]);
    const raw = await crypto.subtle.exportKey("raw", pair.publicKey);
    return new ServerHalf(pair, new Uint8Array(raw), randomBytes(32));
  }

  async sealer(cafeId = CAFE): Promise<Sealer> {
    return Sealer.create(cafeId, DEVICE, this.publicKey);
  }

  async open(record: Sealed, cafeId = CAFE): Promise<Payload> {
    const theirs = await crypto.subtle.importKey(
      "raw",
      fromBase64Url(record.envelope.key),
      { name: "ECDH", namedCurve: "P-256" },
      false,
      [],
    );
    const shared = await crypto.subtle.deriveBits(
      { name: "ECDH", public: theirs },
      this.pair.privateKey,
      256,
    );
    const material = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
    const info = toBytes(`sutg-tablet-1 ${DEVICE}`);
    const key = await crypto.subtle.deriveKey(
      { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info },
      material,
      { name: "AES-GCM", length: 256 },
      false,
      ["decrypt"],
    );
    const sealed = {
      iv: fromBase64Url(record.envelope.iv).buffer,
      data: fromBase64Url(record.envelope.data).buffer,
    };
    return JSON.parse(toText(await decrypt(key, sealed, contextOf(cafeId, record.id)))) as Payload;
  }

  async receipt(record: Pick<Sealed, "id" | "hash">, deviceId = DEVICE): Promise<Receipt> {
    const said = { id: record.id, hash: record.hash, receivedAt: "2026-11-25T18:00:05+00:00" };
    const key = await crypto.subtle.importKey(
      "raw",
      this.receiptKey,
      { name: "HMAC", hash: "SHA-256" },
      false,
      ["sign"],
    );
    const mac = await crypto.subtle.sign("HMAC", key, toBytes(signedText(deviceId, said)));
    return { ...said, mac: toBase64Url(mac) };
  }
}
