/**
 * The tablet's keys.
 *
 * One data key encrypts what is kept here. It never lies on the disk as itself: for each member of staff it is wrapped
 * by a key from their PIN, and that again by a device key which the browser does not hand out. Six digits alone are a
 * million tries; without this browser's key store there is nothing to try them on. A third wrapping, by the device key
 * alone, is the recovery share: it is kept by the server and given back when a manager vouches for somebody who forgot
 * their PIN. The server cannot use it, and the tablet does not have it.
 */
import { type Bytes, randomBytes, toBytes } from "./bytes";

const AES = { name: "AES-GCM", length: 256 } as const;
/** OWASP's figure for PBKDF2 with SHA-256; about a second on a cheap tablet. */
const ITERATIONS = 600_000;
const IV_BYTES = 12;

export interface Encrypted {
  iv: ArrayBuffer;
  data: ArrayBuffer;
}

/** The data key under one PIN and the device key. */
export interface PinWrap {
  salt: ArrayBuffer;
  iterations: number;
  inner: ArrayBuffer;
  outer: Encrypted;
}

/** The PIN is not the one that wrapped the key, or the wrap was damaged: the two cannot be told apart. */
export class WrongPin extends Error {
  override name = "WrongPin";
}

export async function createDeviceKey(): Promise<CryptoKey> {
  return crypto.subtle.generateKey(AES, false, ["encrypt", "decrypt"]);
}

/** Raw bytes of a new data key: for the moment in which it is wrapped, and to be wiped after it. */
export function createDataKey(): Bytes {
  return randomBytes(AES.length / 8);
}

export async function importDataKey(raw: Bytes): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", raw, AES, false, ["encrypt", "decrypt"]);
}

/** Encrypt under a fresh IV; `context` must be said again to decrypt. */
export async function encrypt(key: CryptoKey, plain: BufferSource, context: string): Promise<Encrypted> {
  const iv = randomBytes(IV_BYTES);
  const data = await crypto.subtle.encrypt(
    { name: "AES-GCM", iv, additionalData: toBytes(context) },
    key,
    plain,
  );
  return { iv: iv.buffer, data };
}

export async function decrypt(key: CryptoKey, { iv, data }: Encrypted, context: string): Promise<Bytes> {
  // As views: a buffer that came out of the store may be of another realm, and is then refused by some engines.
  const plain = await crypto.subtle.decrypt(
    { name: "AES-GCM", iv: new Uint8Array(iv), additionalData: toBytes(context) },
    key,
    new Uint8Array(data),
  );
  return new Uint8Array(plain);
}

export async function wrapWithPin(
  raw: Bytes,
  pin: string,
  staffId: string,
  device: CryptoKey,
  iterations = ITERATIONS,
): Promise<PinWrap> {
  const salt = randomBytes(16);
  const inner = await encrypt(await pinKey(pin, salt, iterations), raw, `pin ${staffId}`);
  const outer = await encrypt(device, inner.data, `device ${staffId}`);
  return { salt: salt.buffer, iterations, inner: inner.iv, outer };
}

/** The raw data key; {@link WrongPin} when this PIN does not open it. */
export async function unwrapWithPin(
  wrap: PinWrap,
  pin: string,
  staffId: string,
  device: CryptoKey,
): Promise<Bytes> {
  try {
    const data = await decrypt(device, wrap.outer, `device ${staffId}`);
    const key = await pinKey(pin, new Uint8Array(wrap.salt), wrap.iterations);
    return await decrypt(key, { iv: wrap.inner, data: data.buffer }, `pin ${staffId}`);
  } catch (error) {
    if (isNamed(error, "OperationError")) {
      throw new WrongPin("This PIN does not open the tablet.");
    }
    throw error;
  }
}

/** By name: a frame, a worker and this page each have a DOMException of their own. */
function isNamed(error: unknown, name: string): boolean {
  return typeof error === "object" && error !== null && "name" in error && error.name === name;
}

/** What the server keeps, so that a forgotten PIN loses nothing. */
export async function recoveryShare(raw: Bytes, device: CryptoKey): Promise<Encrypted> {
  return encrypt(device, raw, "recovery");
}

export async function fromRecoveryShare(share: Encrypted, device: CryptoKey): Promise<Bytes> {
  return decrypt(device, share, "recovery");
}

async function pinKey(pin: string, salt: Bytes, iterations: number): Promise<CryptoKey> {
  const material = await crypto.subtle.importKey("raw", toBytes(pin), "PBKDF2", false, ["deriveKey"]);
  return crypto.subtle.deriveKey(
    { name: "PBKDF2", hash: "SHA-256", salt, iterations },
    material,
    AES,
    false,
    ["encrypt", "decrypt"],
  );
}
