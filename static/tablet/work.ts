/**
 * What a tap does while somebody has the tablet open. Nothing of a visit is held here that is not also in the store: a
 * lock, a flat battery or a reload comes back to the question that was open.
 */
import { useCallback, useEffect, useRef, useState } from "preact/hooks";

import { NotStored } from "./database";
import { plannedSession } from "./day";
import { type DeviceStore, SESSION_DRAFT } from "./device";
import { type Entry, entryOf, newEntry } from "./entry";
import { exportOf } from "./export";
import { type Ground, type Weather, staffOf } from "./ground";
import type { Duty, SessionSeen, VisitSeen } from "./journal";
import type { Open } from "./lock";
import type { Stored } from "./records";
import { type Somebody, faultOfOpening } from "./screens/lock";
import { type Warning, notRead, notStored } from "./screens/status";

export type Place =
  | { at: "session" }
  | { at: "duty" }
  | { at: "visit" }
  | { at: "seen"; visit: VisitSeen }
  | { at: "hand"; visit: VisitSeen }
  | { at: "withdraw"; visit: VisitSeen }
  | { at: "close" }
  | { at: "people"; staff: Somebody[] }
  | { at: "attention"; records: Stored[] };

const ENTRY = "visit";
const HERE: Place = { at: "session" };

export interface Work {
  session: SessionSeen | null;
  entry: Entry | null;
  duty: Duty;
  place: Place;
}

export type HandingOver = (session: string, visit: string, language: string) => Promise<void>;

/** What the frame around it has to say, and does. */
interface Around {
  told: string;
  onHandOver: HandingOver;
}

export interface Acts {
  go: (place: Place) => void;
  toSession: () => void;
  toDuty: (duty: Duty) => void;
  toAttention: () => void;
  toPeople: () => void;
  setDuty: (duty: Duty) => void;
  openSession: () => void;
  saveDuty: (session: string) => void;
  closeSession: (session: string, tally: number, reason: string) => void;
  startVisit: () => void;
  startChange: (visit: VisitSeen) => void;
  enter: (entry: Entry) => void;
  leaveVisit: () => void;
  saveVisit: (session: string, entry: Entry) => void;
  withdraw: (session: string, visit: string, reason: string) => void;
  handOver: (session: string, visit: string, language: string) => void;
  sendAgain: (record: Stored) => void;
  saveToFile: () => void;
  addPerson: (person: Somebody, newPin: string, ownPin: string) => Promise<string | null>;
}

export interface Working {
  /** Null until what was open here last has been read. */
  work: Work | null;
  acts: Acts;
  warning: Warning | null;
  notice: string;
  isBusy: boolean;
}

export function useWork(ground: Ground, open: Open, weather: Weather, { told, onHandOver }: Around): Working {
  const { devices } = ground;
  const [work, setWork] = useState<Work | null>(null);
  const change = useCallback((part: Partial<Work>): void => {
    setWork((before) => before && { ...before, ...part });
  }, []);
  const read = useCallback(() => sessionHere(ground, open), [ground, open]);
  const [isUnread, setUnread] = useState(false);
  useEffect(() => {
    beginning(ground, open).then(setWork, () => {
      setUnread(true);
    });
  }, [ground, open]);
  // What was sent meanwhile shows on the visits of the session.
  const { saved, sent, attention } = weather.status;
  useEffect(() => {
    read().then(
      (session) => {
        change({ session });
      },
      () => {
        setUnread(true);
      },
    );
  }, [read, change, saved, sent, attention]);

  const doing = useDoing(async () => {
    change({ session: await read() });
    setUnread(false);
  }, told);
  const leave = async (): Promise<void> => {
    await devices.clearDraft(ENTRY);
    change({ entry: null, place: HERE });
  };
  const acts = {
    ...moves(ground, open, weather, doing, change),
    ...records(ground, open, weather, work, doing, change, leave),
    handOver: (session: string, visit: string, language: string): void => {
      onHandOver(session, visit, language).catch(doing.tell);
    },
  };
  return {
    work,
    acts,
    warning: isUnread ? notRead() : doing.warning,
    notice: doing.notice,
    isBusy: doing.isBusy,
  };
}

/** The session that was open here last, as its records leave it now. */
async function sessionHere({ devices, journal }: Ground, open: Open): Promise<SessionSeen | null> {
  const id = await draftOf(devices, SESSION_DRAFT, open);
  return typeof id === "string" ? journal.session(id, open.dataKey) : null;
}

/**
 * A draft under a key that is gone cannot be shown, and the records themselves are sent all the same. A store that does
 * not answer is another thing: taken for an empty one, it would have somebody open a second session.
 */
async function draftOf(devices: DeviceStore, name: string, open: Open): Promise<unknown> {
  try {
    return await devices.draft(name, open.dataKey);
  } catch (error) {
    if (error instanceof NotStored) {
      throw error;
    }
    return undefined;
  }
}

async function beginning(ground: Ground, open: Open): Promise<Work> {
  const session = await sessionHere(ground, open);
  const kept = (await draftOf(ground.devices, ENTRY, open)) as Entry | undefined;
  // Saved, and then stopped before its draft was cleared: it is no visit that is still being entered.
  const isSaved = session?.visits.some(({ id }) => id === kept?.id) && !kept?.isChange;
  const entry = isSaved ? null : (kept ?? null);
  return {
    session,
    entry,
    duty: session?.duty ?? { users: [open.id], initials: [] },
    place: entry ? { at: "visit" } : HERE,
  };
}

interface Doing {
  /** `what`: nothing more is done to the same thing while something is being done to it, as saving a visit or leaving it. */
  act: (what: string, task: () => Promise<void>) => void;
  tell: (error: unknown) => void;
  say: (notice: string) => void;
  warning: Warning | null;
  notice: string;
  isBusy: boolean;
}

/**
 * Do what taps ask for, one after the other and each once; what could not be stored is said at once, and nothing typed
 * goes. A tap on something else waits for what is being stored: dropped without a word, it would be taken for done.
 */
function useDoing(afterwards: () => Promise<void>, told: string): Doing {
  const [warning, setWarning] = useState<Warning | null>(null);
  const [notice, say] = useState(told);
  const [isBusy, setBusy] = useState(false);
  const doing = useRef(new Set<string>());
  const last = useRef<Promise<void>>(Promise.resolve());
  const tell = (error: unknown): void => {
    setWarning(notStored(error instanceof NotStored ? error.trouble : "closed"));
  };
  const run = async (what: string, task: () => Promise<void>): Promise<void> => {
    setWarning(null);
    say("");
    try {
      await task();
      await afterwards();
    } catch (error) {
      tell(error);
    } finally {
      doing.current.delete(what);
      setBusy(doing.current.size > 0);
    }
  };
  const act = (what: string, task: () => Promise<void>): void => {
    if (!doing.current.has(what)) {
      doing.current.add(what);
      setBusy(true);
      last.current = last.current.then(async () => run(what, task));
    }
  };
  return { act, tell, say, warning, notice, isBusy };
}

type Change = (part: Partial<Work>) => void;
type Moves = Pick<
  Acts,
  | "go"
  | "toSession"
  | "toDuty"
  | "toAttention"
  | "toPeople"
  | "setDuty"
  | "enter"
  | "startVisit"
  | "startChange"
  | "addPerson"
  | "sendAgain"
  | "saveToFile"
>;

/** What leads from screen to screen, and waits for nothing that is being saved. */
function moves(ground: Ground, open: Open, weather: Weather, { tell, say }: Doing, change: Change): Moves {
  const { device, devices, lock, store } = ground;
  const toSession = (): void => {
    change({ place: HERE });
  };
  const enter = (entry: Entry): void => {
    change({ entry, place: { at: "visit" } });
    // Kept after every tap. When even that fails it is said, and the answers stay on the screen.
    devices.keepDraft(ENTRY, entry, open.dataKey).catch(tell);
  };
  const attention = async (): Promise<void> => {
    change({ place: { at: "attention", records: await store.inState("attention") } });
  };
  // Twice is as good as once, so that no tap is dropped here.
  const sendAgain = async (record: Stored): Promise<void> => {
    await store.tryAgain(record.id, record.hash);
    await attention();
    say("It will be sent again.");
  };
  const toFile = async (): Promise<void> => {
    const { name, text, records: count } = await exportOf(store, device, ground.appVersion, ground.now());
    ground.saveFile(name, text);
    say(
      `${count === 1 ? "1 record is" : `${count} records are`} in the file “${name}”. Give it to your manager, who ` +
        "loads it on this tablet’s page. The tablet keeps everything.",
    );
  };
  const people = async (): Promise<void> => {
    const known = new Set((await devices.people()).map(({ id }) => id));
    change({ place: { at: "people", staff: staffOf(weather.day).filter(({ id }) => !known.has(id)) } });
  };
  return {
    go: (place) => {
      say("");
      change({ place });
    },
    toSession,
    toDuty: (duty) => {
      change({ duty, place: { at: "duty" } });
    },
    toAttention: () => void attention().catch(tell),
    toPeople: () => void people().catch(tell),
    setDuty: (duty) => {
      change({ duty });
    },
    enter,
    startVisit: () => {
      // That the one before it is saved must not stand above a visit that is not.
      say("");
      enter(newEntry(ground.now()));
    },
    startChange: ({ id, body }) => {
      say("");
      enter(entryOf(id, body));
    },
    saveToFile: () => void toFile().catch(tell),
    sendAgain: (record) => void sendAgain(record).catch(tell),
    addPerson: async (person, newPin, ownPin) => {
      const opening = await lock.addPerson(person, newPin, ownPin, device.key, ground.iterations);
      if (opening.kind === "open") {
        say(`${person.name} has a PIN on this tablet now.`);
        toSession();
      }
      return faultOfOpening(opening, ground.now().getTime());
    },
  };
}

type Records = Omit<Acts, keyof Moves | "handOver">;

/** What makes a record. */
function records(
  { devices, journal, now, store }: Ground,
  open: Open,
  weather: Weather,
  work: Work | null,
  { act, say }: Doing,
  change: Change,
  leave: () => Promise<void>,
): Records {
  const done = (notice: string): void => {
    say(notice);
    change({ place: HERE });
  };
  return {
    openSession: () => {
      act("open", async () => {
        const planned = plannedSession(weather.day, now());
        const duty = work?.duty ?? { users: [open.id], initials: [] };
        const session = await journal.openSession(duty, planned?.id);
        await devices.keepDraft(SESSION_DRAFT, session, open.dataKey);
        // The session is open; what stays of earlier ones is cleared another time.
        await store.clearSent(new Set([session])).catch(() => undefined);
        done("");
      });
    },
    saveDuty: (session) => {
      act("duty", async () => {
        await journal.setDuty(session, work?.duty ?? { users: [], initials: [] });
        done("");
      });
    },
    closeSession: (session, tally, reason) => {
      act("close", async () => {
        await journal.closeSession(session, tally, reason);
        done("The session is closed.");
      });
    },
    leaveVisit: () => {
      act("entry", leave);
    },
    saveVisit: (session, { id, isChange, body }) => {
      act("entry", async () => {
        await (isChange ? journal.changeVisit(session, id, body) : journal.recordVisit(session, id, body));
        // It is saved, and that is said first. Its draft goes before the next one can be begun; one that stays behind is
        // found and mended when the tablet is opened next.
        const forgotten = devices.clearDraft(ENTRY).catch(() => undefined);
        change({ entry: null });
        done("Saved on this tablet.");
        await forgotten;
      });
    },
    withdraw: (session, visit, reason) => {
      act(`withdraw ${visit}`, async () => {
        await journal.withdrawVisit(session, visit, reason);
        done("The visit is withdrawn.");
      });
    },
  };
}
