/**
 * A receipt is what lets a record leave the queue. A page of a captive portal, a proxy or another server can answer 200;
 * none of them can make the code of a receipt, whose key was given to this device when it was enrolled.
 */
import { type Bytes, fromBase64Url, toBytes } from "./bytes";
import type { Receipt, Stored } from "./records";

const HMAC = { name: "HMAC", hash: "SHA-256" } as const;

export async function importReceiptKey(raw: Bytes): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", raw, HMAC, false, ["verify"]);
}

export function signedText(deviceId: string, receipt: Omit<Receipt, "mac">): string {
  return ["sutg-receipt-1", deviceId, receipt.id, receipt.hash, receipt.receivedAt].join("\n");
}

/** Whether the server has this very record: its id, its content, in the server's own hand. */
export async function proves(
  receipt: Receipt,
  record: Stored,
  deviceId: string,
  key: CryptoKey,
): Promise<boolean> {
  if (receipt.id !== record.id || receipt.hash !== record.hash) {
    return false;
  }
  let mac: Bytes;
  try {
    mac = fromBase64Url(receipt.mac);
  } catch {
    return false;
  }
  return crypto.subtle.verify(HMAC, key, mac, toBytes(signedText(deviceId, receipt)));
}
