/**
 * Which screen is shown, and what a tap does. It holds nothing of a visit that is not also in the store: a lock, a flat
 * battery or a reload comes back to the question that was open.
 */
import type { JSX } from "preact";
import { useCallback, useEffect, useState } from "preact/hooks";

import { choicesOf } from "./choices";
import { NotStored } from "./database";
import { type Day, plannedSession } from "./day";
import type { DeviceStore } from "./device";
import { type Entry, entryOf, newEntry } from "./entry";
import type { Duty, Journal, SessionSeen, VisitSeen } from "./journal";
import { createDataKey } from "./keys";
import type { Lock, Open } from "./lock";
import type { Status } from "./outbox";
import type { Stored } from "./records";
import type { Device } from "./schema";
import { AttentionScreen } from "./screens/attention";
import { ChoosePerson, EnterPin, type Somebody, faultOfOpening } from "./screens/lock";
import { AddPerson, FirstPerson } from "./screens/people";
import { Button, ChooseOne, Heading } from "./screens/parts";
import { CloseScreen, DutyScreen, SessionScreen } from "./screens/session";
import { StatusStrip, type Warning, Warnings, notStored } from "./screens/status";
import { UrgentHelp } from "./screens/urgent";
import { VisitScreen } from "./screens/visit";
import type { Store } from "./store";

/** What the screens stand on. */
export interface Ground {
  device: Device;
  devices: DeviceStore;
  store: Store;
  journal: Journal;
  lock: Lock;
  now: () => Date;
  /** Rounds for a new PIN; those of the product where it is left out. */
  iterations?: number;
}

/** What changes by itself while the app runs. */
export interface Weather {
  open: Open | null;
  status: Status;
  isOnline: boolean;
  warnings: readonly Warning[];
  /** What the server last said of the café; undefined until it has said anything. */
  day: Day | undefined;
}

export function App({ ground, weather }: { ground: Ground; weather: Weather }): JSX.Element {
  const [isUrgent, setUrgent] = useState(false);
  const { open } = weather;
  return (
    <>
      <header class="app-top">
        <Button
          kind="warning"
          onTap={() => {
            setUrgent(true);
          }}
        >
          Urgent help
        </Button>
        {open && (
          <Button
            kind="secondary"
            onTap={() => {
              ground.lock.lock();
            }}
          >
            Lock now
          </Button>
        )}
      </header>
      <Warnings warnings={weather.warnings} />
      <main class="app-screen" id="main">
        {isUrgent && (
          <UrgentHelp
            onClose={() => {
              setUrgent(false);
            }}
          />
        )}
        {/* What is being entered stays where it is while somebody looks up a number. */}
        <div hidden={isUrgent}>
          {open ? (
            <AtWork key={open.id} ground={ground} open={open} weather={weather} />
          ) : (
            <Locked ground={ground} staff={staffOf(weather.day)} />
          )}
        </div>
      </main>
    </>
  );
}

function staffOf(day: Day | undefined): Somebody[] {
  return (day?.people ?? []).map(({ user_id: id, name }) => ({ id, name }));
}

function Locked({ ground, staff }: { ground: Ground; staff: readonly Somebody[] }): JSX.Element {
  const [people, setPeople] = useState<Somebody[] | null>(null);
  const [person, setPerson] = useState<Somebody | null>(null);
  const { device, devices, lock } = ground;
  useEffect(() => {
    void devices.people().then(setPeople);
  }, [devices]);
  if (people === null) {
    return <p role="status">Opening…</p>;
  }
  if (people.length === 0) {
    return (
      <FirstPerson
        cafeName={device.cafeName}
        staff={staff}
        onPin={async (chosen, pin) => {
          await lock.setPin(chosen, pin, createDataKey(), device.key, ground.iterations);
          return null;
        }}
      />
    );
  }
  if (!person) {
    return <ChoosePerson cafeName={device.cafeName} people={people} onChoose={setPerson} />;
  }
  return (
    <EnterPin
      key={person.id}
      title={person.name}
      onPin={async (pin) => {
        const opening = await lock.unlock(person.id, pin, device.key);
        return faultOfOpening(opening, ground.now().getTime());
      }}
      onBack={() => {
        setPerson(null);
      }}
    />
  );
}

type Place =
  | { at: "session" }
  | { at: "duty" }
  | { at: "visit" }
  | { at: "seen"; visit: VisitSeen }
  | { at: "withdraw"; visit: VisitSeen }
  | { at: "close" }
  | { at: "people"; staff: Somebody[] }
  | { at: "attention"; records: Stored[] };

const SESSION = "session";
const ENTRY = "visit";
const HERE: Place = { at: "session" };

interface Work {
  session: SessionSeen | null;
  entry: Entry | null;
  duty: Duty;
  place: Place;
}

function AtWork(props: { ground: Ground; open: Open; weather: Weather }): JSX.Element {
  const { ground, open, weather } = props;
  const { devices, journal, store } = ground;
  const staff = staffOf(weather.day);
  const [work, setWork] = useState<Work | null>(null);
  const [warning, setWarning] = useState<Warning | null>(null);
  const [notice, setNotice] = useState("");
  const [isBusy, setBusy] = useState(false);
  const change = useCallback((part: Partial<Work>): void => {
    setWork((before) => before && { ...before, ...part });
  }, []);

  /** The session that was open here last, as its records leave it now. */
  const read = useCallback(async (): Promise<SessionSeen | null> => {
    // A draft under a key that is gone cannot be shown; the records themselves are sent all the same.
    const id = await devices.draft(SESSION, open.dataKey).catch(() => undefined);
    return typeof id === "string" ? journal.session(id, open.dataKey) : null;
  }, [devices, journal, open]);

  useEffect(() => {
    void (async () => {
      const session = await read();
      const kept = (await devices.draft(ENTRY, open.dataKey).catch(() => undefined)) as Entry | undefined;
      // Saved, and then stopped before its draft was cleared: it is no visit that is still being entered.
      const isSaved = session?.visits.some(({ id }) => id === kept?.id) && !kept?.isChange;
      const entry = isSaved ? null : (kept ?? null);
      setWork({
        session,
        entry,
        duty: session?.duty ?? { users: [open.id], initials: [] },
        place: entry ? { at: "visit" } : HERE,
      });
    })();
  }, [read, devices, open]);

  // What was sent meanwhile shows on the visits of the session.
  const { saved, sent, attention } = weather.status;
  useEffect(() => {
    void read().then((session) => {
      change({ session });
    });
  }, [read, change, saved, sent, attention]);

  const tell = (error: unknown): void => {
    setWarning(notStored(error instanceof NotStored ? error.trouble : "closed"));
  };

  /** Do what a tap asked for, once; what could not be stored is said at once, and nothing typed goes. */
  const act = async (task: () => Promise<void>): Promise<void> => {
    if (isBusy) {
      return;
    }
    setBusy(true);
    setWarning(null);
    setNotice("");
    try {
      await task();
      change({ session: await read() });
    } catch (error) {
      tell(error);
    } finally {
      setBusy(false);
    }
  };

  const enter = (entry: Entry): void => {
    change({ entry, place: { at: "visit" } });
    // Kept after every tap. When even that fails it is said, and the answers stay on the screen.
    devices.keepDraft(ENTRY, entry, open.dataKey).catch(tell);
  };
  const leave = async (): Promise<void> => {
    await devices.clearDraft(ENTRY);
    change({ entry: null, place: HERE });
  };

  if (!work) {
    return <p role="status">Opening…</p>;
  }
  const { session, entry, duty, place } = work;
  const planned = plannedSession(weather.day, ground.now());
  const toSession = (): void => {
    change({ place: HERE });
  };
  const screen = (): JSX.Element => {
    if (place.at === "attention") {
      return (
        <AttentionScreen
          records={place.records}
          quarantined={weather.status.quarantined}
          onAgain={(record) =>
            void act(async () => {
              await store.tryAgain(record.id, record.hash);
              change({ place: { at: "attention", records: await store.inState("attention") } });
              setNotice("It will be sent again.");
            })
          }
          onBack={toSession}
        />
      );
    }
    if (place.at === "people") {
      return (
        <AddPerson
          staff={place.staff}
          onAdd={async (person, newPin, ownPin) => {
            const { device, lock, iterations } = ground;
            const opening = await lock.addPerson(person, newPin, ownPin, device.key, iterations);
            if (opening.kind === "open") {
              setNotice(`${person.name} has a PIN on this tablet now.`);
              toSession();
            }
            return faultOfOpening(opening, ground.now().getTime());
          }}
          onBack={toSession}
        />
      );
    }
    if (!session?.isOpen) {
      return place.at === "duty" ? (
        <DutyScreen
          title="Open today’s session"
          confirm="Open the session"
          people={staff}
          duty={duty}
          onChange={(changed) => {
            change({ duty: changed });
          }}
          onNext={() =>
            void act(async () => {
              await devices.keepDraft(SESSION, await journal.openSession(duty, planned?.id), open.dataKey);
              toSession();
            })
          }
          onBack={toSession}
        />
      ) : (
        <NoSession
          wasClosed={session?.isClosed ?? false}
          onOpen={() => {
            change({ place: { at: "duty" } });
          }}
        />
      );
    }
    switch (place.at) {
      case "duty":
        return (
          <DutyScreen
            title="Who is on duty?"
            confirm="Save"
            people={staff}
            duty={duty}
            onChange={(changed) => {
              change({ duty: changed });
            }}
            onNext={() =>
              void act(async () => {
                await journal.setDuty(session.id, duty);
                toSession();
              })
            }
            onBack={toSession}
          />
        );
      case "visit":
        return entry ? (
          <VisitScreen
            entry={entry}
            isSaving={isBusy}
            onChange={enter}
            onSave={() =>
              void act(async () => {
                if (entry.isChange) {
                  await journal.changeVisit(session.id, entry.id, entry.body);
                } else {
                  await journal.recordVisit(session.id, entry.id, entry.body);
                }
                setNotice("Saved on this tablet.");
                // It is saved: that its draft stays behind is found and mended when the tablet is opened next.
                await leave().catch(() => undefined);
                change({ entry: null, place: HERE });
              })
            }
            onLeave={() => void act(leave)}
          />
        ) : (
          <></>
        );
      case "seen":
        return (
          <OneVisit
            visit={place.visit}
            onChange={() => {
              enter(entryOf(place.visit.id, place.visit.body));
            }}
            onWithdraw={() => {
              change({ place: { at: "withdraw", visit: place.visit } });
            }}
            onBack={toSession}
          />
        );
      case "withdraw":
        return (
          <>
            <ChooseOne
              question="Why should this visit not count?"
              choices={choicesOf("withdrawal")}
              onChoose={(reason) =>
                void act(async () => {
                  await journal.withdrawVisit(session.id, place.visit.id, reason);
                  setNotice("The visit is withdrawn.");
                  toSession();
                })
              }
            />
            <Button kind="secondary" onTap={toSession}>
              Leave it as it is
            </Button>
          </>
        );
      case "close":
        return (
          <CloseScreen
            recorded={session.visits.filter(({ isWithdrawn }) => !isWithdrawn).length}
            onClose={(tally, reason) =>
              void act(async () => {
                await journal.closeSession(session.id, tally, reason);
                setNotice("The session is closed.");
                toSession();
              })
            }
            onBack={toSession}
          />
        );
      case "session":
        return (
          <SessionScreen
            session={session}
            names={new Map(staff.map(({ id, name }) => [id, name]))}
            onRecord={() => {
              enter(newEntry(ground.now()));
            }}
            onVisit={(visit) => {
              change({ place: { at: "seen", visit } });
            }}
            onDuty={() => {
              change({ duty: session.duty, place: { at: "duty" } });
            }}
            onClose={() => {
              change({ place: { at: "close" } });
            }}
          />
        );
    }
  };
  // Looking is not saving: it waits for nothing that is being done.
  const toAttention = async (): Promise<void> => {
    change({ place: { at: "attention", records: await store.inState("attention") } });
  };
  const toPeople = async (): Promise<void> => {
    const known = new Set((await devices.people()).map(({ id }) => id));
    change({ place: { at: "people", staff: staff.filter(({ id }) => !known.has(id)) } });
  };
  return (
    <>
      <StatusStrip
        status={weather.status}
        isOnline={weather.isOnline}
        now={ground.now().getTime()}
        onAttention={() => void toAttention().catch(tell)}
      />
      {warning && <Warnings warnings={[warning]} isUrgent />}
      <p class="app-notice" role="status">
        {notice}
      </p>
      {screen()}
      {place.at === "session" && (
        <p>
          <button type="button" class="app-link" onClick={() => void toPeople().catch(tell)}>
            Give somebody a PIN
          </button>
        </p>
      )}
    </>
  );
}

function NoSession({ wasClosed, onOpen }: { wasClosed: boolean; onOpen: () => void }): JSX.Element {
  return (
    <>
      <Heading name="closed">{wasClosed ? "The session is closed" : "No session is open"}</Heading>
      {wasClosed && <p>Everything that was recorded is kept and will be sent.</p>}
      <Button onTap={onOpen}>Open a session</Button>
    </>
  );
}

function OneVisit(props: {
  visit: VisitSeen;
  onChange: () => void;
  onWithdraw: () => void;
  onBack: () => void;
}): JSX.Element {
  const { visit } = props;
  return (
    <>
      <Heading name={visit.id}>Visit at {visit.body.arrived_at ?? "an unknown time"}</Heading>
      {visit.reason && <p>{visit.reason}</p>}
      <div class="app-actions">
        <Button onTap={props.onChange}>Change this visit</Button>
        <Button kind="secondary" onTap={props.onWithdraw}>
          This visit should not count
        </Button>
        <Button kind="secondary" onTap={props.onBack}>
          Back
        </Button>
      </div>
    </>
  );
}
