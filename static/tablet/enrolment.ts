/**
 * Becoming a café's tablet: the code that a manager shows is exchanged for this device's token and keys, once.
 *
 * The code comes in the address's fragment (`/tablet/#…`), which no browser sends and no server logs.
 */
import { fromBase64Url } from "./bytes";
import type { Enrolment } from "./device";

export type Enrolled =
  | { kind: "enrolled"; enrolment: Enrolment }
  /** The server says why, in words for the manager who stands beside it. */
  | { kind: "refused"; reason: string }
  | { kind: "later"; reason: string };

const NOT_REACHED =
  "The server could not be reached. Check the connection and try again; the code stays good for 15 minutes";
const TIMEOUT_MS = 30_000;

export async function exchangeCode(
  address: string,
  code: string,
  fetcher: typeof fetch = fetch,
): Promise<Enrolled> {
  try {
    const response = await fetcher(address, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ link: code }),
      cache: "no-store",
      credentials: "omit",
      redirect: "error",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const body: unknown = await response.json();
    const enrolment = response.ok ? read(body) : null;
    if (enrolment) {
      return { kind: "enrolled", enrolment };
    }
    const reason = response.status === 400 || response.status === 422 ? reasonOf(body) : null;
    return reason === null ? { kind: "later", reason: NOT_REACHED } : { kind: "refused", reason };
  } catch {
    return { kind: "later", reason: NOT_REACHED };
  }
}

/** The code in an address or in what somebody typed: a scanner gives the whole address, a person the code alone. */
export function codeIn(text: string): string {
  return text.slice(text.indexOf("#") + 1).trim();
}

function read(body: unknown): Enrolment | null {
  if (typeof body !== "object" || body === null) {
    return null;
  }
  const given = body as Record<string, unknown>;
  const names = ["device_id", "cafe_id", "cafe_name", "token", "server_key", "receipt_key"] as const;
  if (!names.every((name) => typeof given[name] === "string" && given[name])) {
    return null;
  }
  const whole = given as Record<(typeof names)[number], string>;
  return {
    deviceId: whole.device_id,
    cafeId: whole.cafe_id,
    cafeName: whole.cafe_name,
    token: whole.token,
    serverKey: whole.server_key,
    receiptKey: fromBase64Url(whole.receipt_key),
  };
}

function reasonOf(body: unknown): string | null {
  const detail =
    typeof body === "object" && body !== null ? (body as Record<string, unknown>)["detail"] : null;
  return typeof detail === "string" && detail ? detail : null;
}
