/**
 * What the server says of the café, so that it can be opened without a connection: who works there, which sessions are
 * planned, and what became of this tablet's records. No visitor, and nothing of a visit. docs/tablet-sync.md names more
 * than is read here; what is not known is left alone, so that a newer server can say more.
 */
import type { KeptDay } from "./schema";

export interface Day {
  cafe: { name: string };
  sessions: { id: string; held_on: string; opens: string | null; closes: string | null; state: string }[];
  people: { user_id: string; name: string; is_lead: boolean; is_manager: boolean }[];
  /** Where visitors may be pointed to; absent from what an older app kept. */
  services?: Service[];
  records: { id: string; hash: string; state: string }[];
}

/** A community service of the directory. What is not known of it is empty. */
export interface Service {
  id: string;
  name: string;
  kind: string;
  what_for: string;
  phone: string;
  when_open: string;
}

export type Told =
  | { kind: "told"; kept: KeptDay }
  | { kind: "same" }
  /** This device is not accepted: what is kept of the day stays, and so does everything recorded. */
  | { kind: "paused" }
  | { kind: "later" };

const TIMEOUT_MS = 30_000;

export async function askDay(
  address: string,
  token: string,
  before: KeptDay | undefined,
  fetcher: typeof fetch = fetch,
): Promise<Told> {
  // Kept by an app that asked for less: what it kept is no answer to this one.
  const etag = before?.day.services ? before.etag : undefined;
  const query = before ? `?since=${encodeURIComponent(before.since)}` : "";
  try {
    const response = await fetcher(address + query, {
      headers: { authorization: `Tablet ${token}`, ...(etag ? { "if-none-match": etag } : {}) },
      cache: "no-store",
      credentials: "omit",
      redirect: "error",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (response.status === 401 || response.status === 403) {
      return { kind: "paused" };
    }
    if (response.status === 304) {
      return { kind: "same" };
    }
    const kept = response.ok ? read(await response.json(), response.headers.get("etag") ?? "") : null;
    return kept ? { kind: "told", kept } : { kind: "later" };
  } catch {
    return { kind: "later" };
  }
}

/** The server's word, or null for anything else that came with a 200: what is kept is not overwritten by it. */
function read(body: unknown, etag: string): KeptDay | null {
  if (typeof body !== "object" || body === null) {
    return null;
  }
  const { cafe, sessions, people, services, records, settled_until: since } = body as Record<string, unknown>;
  const isDay =
    typeof cafe === "object" &&
    cafe !== null &&
    [sessions, people, records].every(Array.isArray) &&
    typeof since === "string";
  const day = { cafe, sessions, people, services: Array.isArray(services) ? services : [], records };
  return isDay ? { etag, since, day: day as Day } : null;
}

/** The day (year, month, day) that it is here. */
export function dayOf(moment: Date): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
}

/** Today's session that is to be opened here: the planned one, or one that a desk has opened already. */
export function plannedSession(day: Day | undefined, now: Date): Day["sessions"][number] | undefined {
  const today = (day?.sessions ?? []).filter(({ held_on }) => held_on === dayOf(now));
  return today.find(({ state }) => state === "open") ?? today.find(({ state }) => state === "planned");
}
