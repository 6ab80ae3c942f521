/**
 * Making a record: the payload once for this tablet's screen, under the data key, and once for the server, under a key
 * that only the server can derive. What waits in the queue can therefore be sent while the tablet is locked, by a
 * service worker without a PIN, or carried over as a file, and nobody who finds the tablet can read it.
 *
 * ECDH on P-256 with a key pair made anew by each run of the app, HKDF-SHA-256, AES-256-GCM.
 */
import { type Bytes, randomBytes, toBase64Url, toBytes, toText } from "./bytes";
import { decrypt, encrypt } from "./keys";
import type { Envelope, Kind, Payload, Sealed } from "./records";

const CURVE = { name: "ECDH", namedCurve: "P-256" } as const;

/** What a record is bound to: an envelope moved to another café or another record does not open. */
export function contextOf(cafeId: string, recordId: string): string {
  return `sutg-tablet-1\n${cafeId}\n${recordId}`;
}

export interface Draft {
  id: string;
  kind: Kind;
  sessionId: string;
  recordedAt: string;
  recordedBy: string;
  body: Record<string, unknown>;
  about?: string;
  given?: number;
}

export class Sealer {
  private constructor(
    private readonly cafeId: string,
    private readonly publicKey: string,
    private readonly key: CryptoKey,
  ) {}

  /** For one run of the app. `serverKey` is the server's public key for this device, as raw bytes. */
  static async create(cafeId: string, deviceId: string, serverKey: Bytes): Promise<Sealer> {
    const pair = await crypto.subtle.generateKey(CURVE, false, ["deriveBits"]);
    const server = await crypto.subtle.importKey("raw", serverKey, CURVE, false, []);
    const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: server }, pair.privateKey, 256);
    const material = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
    const key = await crypto.subtle.deriveKey(
      { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: toBytes(`sutg-tablet-1 ${deviceId}`) },
      material,
      { name: "AES-GCM", length: 256 },
      false,
      ["encrypt"],
    );
    return new Sealer(cafeId, toBase64Url(await crypto.subtle.exportKey("raw", pair.publicKey)), key);
  }

  /** Encrypt a draft. `dataKey` null keeps no copy for the screen: the tablet is locked, or staff must not read it. */
  async seal(draft: Draft, dataKey: CryptoKey | null): Promise<Sealed> {
    const payload: Payload = {
      version: 1,
      salt: toBase64Url(randomBytes(16)),
      kind: draft.kind,
      recordedAt: draft.recordedAt,
      recordedBy: draft.recordedBy,
      body: draft.body,
    };
    const bytes = toBytes(JSON.stringify(payload));
    const context = contextOf(this.cafeId, draft.id);
    const [hash, sealed, local] = await Promise.all([
      crypto.subtle.digest("SHA-256", bytes),
      encrypt(this.key, bytes, context),
      dataKey && encrypt(dataKey, bytes, context),
    ]);
    const envelope: Envelope = {
      key: this.publicKey,
      iv: toBase64Url(sealed.iv),
      data: toBase64Url(sealed.data),
    };
    const { id, kind, sessionId, about, given } = draft;
    return {
      id,
      kind,
      sessionId,
      hash: toBase64Url(hash),
      envelope,
      ...(about === undefined ? {} : { about }),
      ...(given === undefined ? {} : { given }),
      ...(local ? { local } : {}),
    };
  }
}

/** What a record says, for the screen of an unlocked tablet; null where no copy for the screen was kept. */
export async function readLocal(record: Sealed, cafeId: string, dataKey: CryptoKey): Promise<Payload | null> {
  if (!record.local) {
    return null;
  }
  const bytes = await decrypt(dataKey, record.local, contextOf(cafeId, record.id));
  return JSON.parse(toText(bytes)) as Payload;
}
