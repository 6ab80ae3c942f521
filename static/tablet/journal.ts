/**
 * What happens in a café, said as records: opening a session, visits, closing. What is on the screen is what the records
 * say, folded in the order of their numbers; nothing else remembers a visit.
 *
 * Bodies are those of docs/tablet-sync.md; their codes are the server's.
 */
import type { Kind, Payload, State, Stored } from "./records";
import { type Draft, type Sealer, readLocal } from "./sealing";
import type { Store } from "./store";

export interface Duty {
  users: string[];
  /** People on duty who have no account. */
  initials: string[];
}

export type Who =
  { kind: "anonymous" } | { kind: "code"; code: string } | { kind: "named"; name: string; contact: string };

/** A visit as it is entered. Every field may be left out. */
export interface VisitBody {
  who?: Who;
  came_for?: string;
  route_in?: string;
  reasons?: string[];
  support?: { kind: string; minutes?: number }[];
  helped?: string[];
  /** Ids of community services. Absent says nothing of them; an empty list says that there was none. */
  signposted?: string[];
  outcome?: string;
  alternative?: string;
  distress_before?: number;
  distress_after?: number;
  arrived_at?: string;
}

export type Answers = Record<string, string | string[]>;

/** A visit of this session as its records leave it. `state` is the worst of theirs: what a person has to know first. */
export interface VisitSeen {
  id: string;
  body: VisitBody;
  /** The hash of the record that says so: what a change follows. */
  wording: string;
  recordedAt: string;
  isWithdrawn: boolean;
  /** The visitor answered the questions alone. What they answered is not on this tablet's screen. */
  hasAnswered: boolean;
  /** How many questions they answered; absent where the record does not say. */
  given?: number;
  state: State;
  reason?: string;
}

export interface SessionSeen {
  id: string;
  duty: Duty;
  visits: VisitSeen[];
  isOpen: boolean;
  isClosed: boolean;
  /** Records that this tablet has and cannot show: made while it was locked, or under a lost key. They are sent all the same. */
  unseen: number;
}

/** Who is writing, and under which key; null while the tablet is locked. */
export type Writer = { id: string; dataKey: CryptoKey } | null;

/** This visit is not on the tablet, or was withdrawn: there is nothing to change. */
export class NoSuchVisit extends Error {
  override name = "NoSuchVisit";
}

export class Journal {
  /**
   * What was read of the session that is on the screen, under the key that read it: a session of an evening is read again
   * after each record. Whoever locks the tablet lets go of the key, and with it of this.
   */
  private readonly readings = new WeakMap<CryptoKey, Map<string, Promise<Payload | null>>>();

  constructor(
    private readonly store: Store,
    private readonly sealer: Sealer,
    private readonly cafeId: string,
    /** Asked at each record, so that what is written after locking is written as nobody's. */
    private readonly writer: () => Writer,
    private readonly onSaved: () => void,
    private readonly now: () => Date = () => new Date(),
  ) {}

  /** Open a planned session, or an unplanned one; what it is called from now on. */
  async openSession(duty: Duty, planned?: string): Promise<string> {
    const id = crypto.randomUUID();
    const session = planned ?? id;
    await this.save(id, "session_opened", session, { ...(planned ? { session: planned } : {}), ...duty });
    return session;
  }

  async setDuty(session: string, duty: Duty): Promise<void> {
    await this.save(crypto.randomUUID(), "on_duty", session, { session, ...duty });
  }

  /** `id` is made when the form is opened: a second tap is the same visit. */
  async recordVisit(session: string, id: string, body: VisitBody): Promise<Stored> {
    return this.save(id, "visit", session, { session, ...body });
  }

  async changeVisit(session: string, visit: string, body: VisitBody): Promise<Stored> {
    const seen = await this.standing(session, visit);
    const said = { visit, follows: seen.wording, ...body };
    return this.save(crypto.randomUUID(), "visit_changed", session, said);
  }

  async withdrawVisit(session: string, visit: string, reason: string): Promise<Stored> {
    await this.standing(session, visit);
    return this.save(crypto.randomUUID(), "visit_withdrawn", session, { visit, reason });
  }

  /**
   * What the visitor answered alone. No copy is kept that this tablet could read. `id` is made when the tablet is handed
   * over: what was saved by it already is not saved a second time.
   */
  async giveAnswers(
    session: string,
    visit: string,
    answers: Answers,
    id: string = crypto.randomUUID(),
  ): Promise<Stored> {
    const there = (await this.store.ofSession(session)).find((record) => record.id === id);
    const about = { about: visit, given: Object.keys(answers).length };
    return there ?? this.save(id, "answers", session, { visit, answers }, about);
  }

  async closeSession(session: string, tally: number, tallyReason: string): Promise<Stored> {
    return this.save(crypto.randomUUID(), "session_closed", session, {
      session,
      door_tally: tally,
      tally_reason: tallyReason,
    });
  }

  /** The session as the records on this tablet leave it. */
  async session(id: string, dataKey: CryptoKey): Promise<SessionSeen> {
    const records = await this.store.ofSession(id);
    records.sort((a, b) => a.number - b.number);
    const payloads = this.read(records, dataKey);
    const fold = new Fold(id);
    for (const [index, record] of records.entries()) {
      if (record.kind === "answers") {
        fold.answered(record);
      } else {
        fold.take(record, (await payloads[index]) ?? null);
      }
    }
    return fold.seen();
  }

  /** The payloads of `records`, each decrypted once: what a record says never changes. */
  private read(records: readonly Stored[], dataKey: CryptoKey): (Promise<Payload | null> | null)[] {
    const before = this.readings.get(dataKey);
    const now = new Map<string, Promise<Payload | null>>();
    this.readings.set(dataKey, now);
    return records.map((record) => {
      if (record.kind === "answers") {
        return null;
      }
      const name = `${record.id} ${record.hash}`;
      const payload = before?.get(name) ?? readLocal(record, this.cafeId, dataKey).catch(() => null);
      now.set(name, payload);
      return payload;
    });
  }

  private async standing(session: string, visit: string): Promise<VisitSeen> {
    const writer = this.writer();
    const { visits } = writer ? await this.session(session, writer.dataKey) : { visits: [] };
    const seen = visits.find((each) => each.id === visit);
    if (!seen || seen.isWithdrawn) {
      throw new NoSuchVisit("This visit is not on the tablet, or was withdrawn.");
    }
    return seen;
  }

  private async save(
    id: string,
    kind: Kind,
    sessionId: string,
    body: object,
    answersOf?: { about: string; given: number },
  ): Promise<Stored> {
    const writer = this.writer();
    const draft: Draft = {
      id,
      kind,
      sessionId,
      recordedAt: withOffset(this.now()),
      recordedBy: writer?.id ?? "",
      body: { ...body },
      ...answersOf,
    };
    const readable = answersOf === undefined ? (writer?.dataKey ?? null) : null;
    const stored = await this.store.save(await this.sealer.seal(draft, readable));
    this.onSaved();
    return stored;
  }
}

const GRAVITY: State[] = ["sent", "saved", "attention"];

/** Puts records together, one after the other. */
class Fold {
  private duty: Duty = { users: [], initials: [] };
  private readonly visits = new Map<string, VisitSeen>();
  private isOpen = false;
  private isClosed = false;
  private unseen = 0;

  constructor(private readonly id: string) {}

  take(record: Stored, payload: Payload | null): void {
    if (!payload) {
      this.unseen += 1;
      return;
    }
    const { body } = payload;
    switch (payload.kind) {
      case "session_opened":
      case "on_duty":
        this.isOpen ||= payload.kind === "session_opened";
        this.duty = { users: texts(body["users"]), initials: texts(body["initials"]) };
        break;
      case "visit":
        this.visits.set(record.id, seenOf(record, payload));
        break;
      case "visit_changed":
      case "visit_withdrawn":
        this.change(record, payload);
        break;
      case "session_closed":
        this.isClosed = true;
        break;
      case "answers":
        break;
    }
  }

  /** Answers that a visitor gave alone: that they were given is known, and what they are is not. */
  answered(record: Stored): void {
    const visit = this.visits.get(record.about ?? "");
    if (visit) {
      visit.hasAnswered = true;
      if (record.given !== undefined) {
        visit.given = record.given;
      }
      worsen(visit, record);
    }
  }

  seen(): SessionSeen {
    const { id, duty, isClosed, unseen } = this;
    return {
      id,
      duty,
      visits: [...this.visits.values()],
      isOpen: this.isOpen && !isClosed,
      isClosed,
      unseen,
    };
  }

  private change(record: Stored, { kind, body }: Payload): void {
    const visit = this.visits.get(String(body["visit"]));
    if (!visit) {
      return;
    }
    if (kind === "visit_withdrawn") {
      visit.isWithdrawn = true;
    } else {
      visit.body = bodyOf(body);
      visit.wording = record.hash;
    }
    worsen(visit, record);
  }
}

function seenOf(record: Stored, payload: Payload): VisitSeen {
  return {
    id: record.id,
    body: bodyOf(payload.body),
    wording: record.hash,
    recordedAt: payload.recordedAt,
    isWithdrawn: false,
    hasAnswered: false,
    state: record.state,
    ...(record.reason === undefined ? {} : { reason: record.reason }),
  };
}

function worsen(visit: VisitSeen, record: Stored): void {
  if (GRAVITY.indexOf(record.state) > GRAVITY.indexOf(visit.state)) {
    visit.state = record.state;
  }
  if (record.reason !== undefined) {
    visit.reason = record.reason;
  }
}

/** What was entered, without what only says which visit it is. */
function bodyOf(body: Record<string, unknown>): VisitBody {
  return Object.fromEntries(
    Object.entries(body).filter(([name]) => !["session", "visit", "follows"].includes(name)),
  );
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === "string") : [];
}

/** ISO 8601 with this tablet's offset: what time it was here, and when that was. */
export function withOffset(moment: Date): string {
  const minutes = -moment.getTimezoneOffset();
  const here = new Date(moment.getTime() + minutes * 60_000).toISOString().slice(0, 19);
  const two = (value: number): string => String(Math.floor(value)).padStart(2, "0");
  const offset = Math.abs(minutes);
  return `${here}${minutes < 0 ? "-" : "+"}${two(offset / 60)}:${two(offset % 60)}`;
}
