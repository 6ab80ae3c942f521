/**
 * The tablet's one way to the server: only here is `fetch` called. Every answer becomes one of a few outcomes, and what
 * is not clearly the server's own word is "not delivered".
 */
import type { Receipt, Stored } from "./records";
import type { Manifest } from "./store";

export interface Settled {
  receipt: Receipt;
  /** Set when the server keeps the record and a person has to look at it. */
  reason?: string | undefined;
}

export type Outcome =
  | { kind: "settled"; settled: Settled[]; missing: number[] }
  /** This device or its token is not accepted. Everything is kept until somebody enrols it anew. */
  | { kind: "paused"; why: "unknown_device" | "revoked" }
  /** The message is too large or cannot be read as a whole: smaller ones may go through. */
  | { kind: "refused"; reason: string }
  /** Nothing is known of what arrived. `after`: seconds that the server asked to wait. */
  | { kind: "later"; why: string; after?: number };

export interface Message {
  records: readonly Stored[];
  manifest: Manifest;
  appVersion: string;
  isPersistent: boolean;
}

export type Send = (message: Message) => Promise<Outcome>;

const TIMEOUT_MS = 30_000;

export function createTransport(
  address: string,
  token: () => Promise<string>,
  fetcher: typeof fetch = fetch,
): Send {
  return async (message) => {
    let response: Response;
    try {
      response = await fetcher(address, {
        method: "POST",
        headers: { authorization: `Tablet ${await token()}`, "content-type": "application/json" },
        body: JSON.stringify(asWire(message)),
        cache: "no-store",
        credentials: "omit",
        redirect: "error",
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      return await outcomeOf(response);
    } catch (error) {
      return { kind: "later", why: error instanceof Error ? error.name : "unknown" };
    }
  };
}

function asWire(message: Message): unknown {
  return {
    protocol: 1,
    // The server compares this with its own clock: recorded times of a wrong one are put right by the difference.
    sent_at: new Date().toISOString(),
    app_version: message.appVersion,
    is_persistent: message.isPersistent,
    manifest: {
      last_number: message.manifest.lastNumber,
      held: message.manifest.held,
      oldest_saved_at:
        message.manifest.oldestSavedAt && new Date(message.manifest.oldestSavedAt).toISOString(),
    },
    records: message.records.map(({ id, number, hash, envelope }) => ({ id, number, hash, envelope })),
  };
}

async function outcomeOf(response: Response): Promise<Outcome> {
  switch (response.status) {
    case 200:
      return readSettled(await response.json());
    case 401:
      return { kind: "paused", why: "unknown_device" };
    case 403:
      return { kind: "paused", why: "revoked" };
    case 400:
    case 413:
    case 422: {
      const reason = await reasonOf(response);
      return reason === null
        ? { kind: "later", why: `status ${response.status}` }
        : { kind: "refused", reason };
    }
    default:
      return { kind: "later", why: `status ${response.status}`, ...retryAfter(response) };
  }
}

/** The server's word, or "later" for anything else that came with a 200. */
function readSettled(body: unknown): Outcome {
  if (!isObject(body) || !Array.isArray(body["results"])) {
    return { kind: "later", why: "not an answer of the server" };
  }
  const settled = body["results"].flatMap((result: unknown): Settled[] => {
    const receipt = isObject(result) ? readReceipt(result["receipt"]) : null;
    const reason = isObject(result) && typeof result["reason"] === "string" ? result["reason"] : undefined;
    return receipt ? [{ receipt, reason }] : [];
  });
  const missing = Array.isArray(body["missing"])
    ? body["missing"].filter((n): n is number => Number.isInteger(n))
    : [];
  return { kind: "settled", settled, missing };
}

function readReceipt(value: unknown): Receipt | null {
  if (!isObject(value)) {
    return null;
  }
  const { id, hash, received_at: receivedAt, mac } = value;
  const isWhole = [id, hash, receivedAt, mac].every((part) => typeof part === "string");
  return isWhole ? ({ id, hash, receivedAt, mac } as Receipt) : null;
}

/** What the server says of a refusal; null when it was not the server that refused, but something on the way. */
async function reasonOf(response: Response): Promise<string | null> {
  if (!response.headers.get("content-type")?.startsWith("application/problem+json")) {
    return null;
  }
  const problem: unknown = await response.json();
  return isObject(problem) && typeof problem["detail"] === "string" ? problem["detail"] : "";
}

function retryAfter(response: Response): { after?: number } {
  const seconds = Number(response.headers.get("retry-after"));
  return Number.isFinite(seconds) && seconds > 0 ? { after: seconds } : {};
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
