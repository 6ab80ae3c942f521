import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { App } from "./app";
import { Database } from "./database";
import type { Day } from "./day";
import { DeviceStore } from "./device";
import type { Ground } from "./ground";
import { Journal } from "./journal";
import { createDataKey, createDeviceKey } from "./keys";
import { Lock, type Open } from "./lock";
import type { Status } from "./outbox";
import { Screen } from "./screens/testing";
import { Store } from "./store";
import { CAFE, DEVICE, ServerHalf } from "./testing";

const PIN = "480213";
// As many rounds as the product has would make each case a second.
const FEW = 1000;

// Whole evenings, with real keys: on a busy machine they take their time.
vi.setConfig({ testTimeout: 30_000 });

let server: ServerHalf;
let screen: Screen;
let ground: Ground;
let open: Open | null;
let day: Day | undefined;

function person(user_id: string, name: string): Day["people"][number] {
  return { user_id, name, is_lead: false, is_manager: false };
}

beforeEach(async () => {
  globalThis.indexedDB = new IDBFactory();
  server = await ServerHalf.create();
  open = null;
  day = {
    cafe: { name: "The Kettle" },
    sessions: [],
    people: [person("asha", "Asha Patel"), person("bea", "Bea Quinn")],
    records: [],
  };
  screen = new Screen();
  await start();
  await ground.lock.setPin({ id: "asha", name: "Asha Patel" }, PIN, createDataKey(), ground.device.key, FEW);
  ground.lock.lock();
});

afterEach(() => {
  screen.remove();
});

/** As after a reload: everything anew, but for what the browser keeps. */
async function start(): Promise<void> {
  const database = new Database("tablet");
  const devices = new DeviceStore(database);
  const device =
    (await devices.device()) ??
    (await devices.enrol(
      {
        deviceId: DEVICE,
        cafeId: CAFE,
        cafeName: "The Kettle",
        serverKey: "key",
        receiptKey: server.receiptKey,
        token: "token",
      },
      await createDeviceKey(),
    ));
  const store = new Store(database);
  const lock = new Lock(devices, (now) => {
    open = now;
  });
  const sealer = await server.sealer();
  ground = {
    device,
    devices,
    store,
    lock,
    appVersion: "test",
    saveFile: () => undefined,
    recovery: { ask: async () => Promise.resolve({ kind: "refused", reason: "Not now" }) },
    journal: new Journal(
      store,
      sealer,
      CAFE,
      () => lock.open,
      () => undefined,
    ),
    iterations: FEW,
    now: () => new Date(2026, 10, 25, 18, 4),
  };
}

async function look(): Promise<void> {
  const status: Status = {
    ...(await ground.store.counts()),
    standing: { kind: "idle" },
    lastSentAt: null,
    missing: [],
  };
  screen.show(<App ground={ground} weather={{ open, status, isOnline: false, warnings: [], day }} />);
}

/** Tap each, as soon as it is there. */
async function tap(...words: string[]): Promise<void> {
  for (const word of words) {
    await look();
    await screen.until(() => screen.has(word));
    screen.tap(word);
    await look();
  }
}

async function sees(words: string): Promise<void> {
  await look();
  await screen.until(() => screen.root.textContent.includes(words));
  expect(screen.root.textContent).toContain(words);
}

async function unlock(): Promise<void> {
  await tap("Asha Patel");
  screen.type(PIN);
  await tap("Open");
  await screen.until(() => open !== null);
  await look();
}

async function openSession(): Promise<void> {
  await unlock();
  await tap("Open a session", "Open the session");
}

const WALK_IN = [
  "Record a visit",
  "Somebody who gives no name",
  "7",
  "Anxiety",
  "Next",
  "Refreshments",
  "Next",
  "4",
];

async function payloads(): Promise<unknown[]> {
  const records = await ground.store.waiting(100);
  return Promise.all(records.map(async (record) => server.open(record)));
}

describe("an evening at the café", () => {
  it("is opened, has a visit of nine taps, and is closed with the count at the door", async () => {
    await openSession();
    const before = screen.taps;

    await tap(...WALK_IN, "Save visit");

    expect(screen.taps - before).toBe(9);
    await sees("Saved on this tablet.");
    await sees("1 visit so far");
    await tap("Close the session");
    screen.type("1");
    await tap("Next");
    await sees("The session is closed");
    expect(await payloads()).toMatchObject([
      { kind: "session_opened", recordedBy: "asha", body: { users: ["asha"] } },
      { kind: "visit", body: { distress_before: 7, reasons: ["anxiety"] } },
      { kind: "session_closed", body: { door_tally: 1, tally_reason: "" } },
    ]);
  });

  it("has a visit changed and another withdrawn, each as a record of its own", async () => {
    await openSession();
    await tap(
      ...WALK_IN,
      "Save visit",
      "18:04",
      "Change this visit",
      "Change reasons",
      "Housing",
      "Next",
      "Save visit",
    );

    await tap("18:04", "This visit should not count", "The visit was recorded twice");
    await sees("The visit is withdrawn.");

    expect((await payloads()).slice(2)).toMatchObject([
      { kind: "visit_changed", body: { reasons: ["anxiety", "housing"] } },
      { kind: "visit_withdrawn", body: { reason: "duplicate" } },
    ]);
    await sees("0 visits so far");
  });
});

describe("what is being entered", () => {
  it("is not said to be saved because the visit before it is", async () => {
    await openSession();
    await tap(...WALK_IN, "Save visit");
    await sees("Saved on this tablet.");

    await tap(...WALK_IN);
    await sees("Check and save");

    expect(screen.root.textContent).not.toContain("Saved on this tablet.");
  });

  it("is there again after the tablet was locked in the middle of it", async () => {
    await openSession();
    await tap(...WALK_IN.slice(0, 3));

    await tap("Lock now");
    await sees("Who are you?");
    expect(screen.root.textContent).not.toContain("What brings them here?");
    await unlock();

    await sees("What brings them here?");
    await tap("Anxiety", "Next", "Next", "4", "Save visit");
    await sees("Saved on this tablet.");
    expect((await payloads())[1]).toMatchObject({ body: { distress_before: 7, reasons: ["anxiety"] } });
  });

  it("is there again after the app was started anew", async () => {
    await openSession();
    await tap(...WALK_IN.slice(0, 4));
    screen.remove();

    open = null;
    screen = new Screen();
    await start();
    await unlock();

    await sees("What brings them here?");
    expect(screen.root.querySelector("[aria-pressed=true]")?.textContent).toBe("Anxiety");
  });

  it("is not entered again when the app stopped between saving it and forgetting the draft", async () => {
    await openSession();
    await tap(...WALK_IN);
    const draft = await ground.devices.draft("visit", (open as Open).dataKey);
    await tap("Save visit");
    await ground.devices.keepDraft("visit", draft, (open as Open).dataKey);

    await tap("Lock now");
    await unlock();

    await sees("1 visit so far");
    await sees("Today’s session");
  });

  it("stays where it was while somebody looks up whom to call", async () => {
    await openSession();
    await tap(...WALK_IN.slice(0, 2));

    await tap("Urgent help", "Go back");

    expect([...screen.root.querySelectorAll("h1")].at(-1)?.textContent).toBe(
      "How distressed are they on arrival?",
    );
  });
});

describe("people", () => {
  async function setPin(pin: string): Promise<void> {
    for (const button of ["Next", "Set PIN"]) {
      await screen.until(() => screen.has(button));
      screen.type(pin);
      await tap(button);
    }
  }

  it("of a new tablet choose the first PIN, and it opens", async () => {
    await ground.devices.removePerson("asha");
    await look();

    await tap("Bea Quinn");
    await setPin("719305");

    await screen.until(() => open !== null);
    expect(open?.id).toBe("bea");
    expect((await ground.devices.people()).map(({ id }) => id)).toEqual(["bea"]);
  });

  it("of a new tablet are told when another window has set the first PIN meanwhile", async () => {
    await ground.devices.removePerson("asha");
    await look();
    await tap("Bea Quinn");
    const other = new Lock(ground.devices, () => undefined);
    await other.setFirstPin({ id: "asha", name: "Asha Patel" }, PIN, createDataKey(), ground.device.key, FEW);

    await setPin("719305");

    await sees("Another window has just set the first PIN of this tablet.");
    expect(open).toBeNull();
    expect((await ground.devices.people()).map(({ id }) => id)).toEqual(["asha"]);
    await unlock();
    await sees("No session is open");
  });

  it("of a tablet that never heard from the server are waited for, and it is said", async () => {
    await ground.devices.removePerson("asha");
    day = undefined;
    await look();

    await sees("It waits for the list of people who work here");
  });

  it("get their PIN from whoever has the tablet open, by their own PIN once more", async () => {
    await unlock();
    await tap("Give somebody a PIN");
    await sees("Who needs a PIN?");
    expect(screen.root.textContent).not.toContain("Asha Patel");
    await tap("Bea Quinn");
    await setPin("719305");

    await sees("Is this Bea Quinn?");
    screen.type("999111");
    await tap("Give them this PIN");
    await sees("That is not your PIN");
    screen.type(PIN);
    await tap("Give them this PIN");

    await sees("Bea Quinn has a PIN on this tablet now.");
    expect(await ground.devices.person("bea")).toBeDefined();
  });
});

describe("a visitor who was pointed somewhere", () => {
  it("is seen with the name of the service, while it is entered and afterwards", async () => {
    const service = {
      id: "debt",
      name: "Debt advice",
      kind: "Money",
      what_for: "",
      phone: "",
      when_open: "",
    };
    day = day && { ...day, services: [service] };
    await openSession();

    await tap(...WALK_IN, "Change pointed to", "Debt advice", "Next");
    await sees("Debt advice");
    await tap("Save visit", "18:04");

    await sees("Visit at 18:04");
    await sees("Debt advice");
    expect((await payloads())[1]).toMatchObject({ body: { signposted: ["debt"] } });
  });
});

describe("a planned session", () => {
  it("is the one that is opened on its day", async () => {
    const sessions = [
      { id: "planned-1", held_on: "2026-11-25", opens: "18:00:00", closes: "22:00:00", state: "planned" },
    ];
    day = day && { ...day, sessions };

    await openSession();

    await sees("Today’s session");
    expect(await payloads()).toMatchObject([{ kind: "session_opened", body: { session: "planned-1" } }]);
  });
});

/** From now on the store answers as when the system closed it underneath, where `name` is read. */
function refuseReading(name: string): () => void {
  const original = Object.getOwnPropertyDescriptor(IDBObjectStore.prototype, "get");
  Object.defineProperty(IDBObjectStore.prototype, "get", {
    ...original,
    value: function (this: IDBObjectStore, key: IDBValidKey): IDBRequest {
      if (this.name === name) {
        throw new DOMException("Closed", "InvalidStateError");
      }
      return (original?.value as IDBObjectStore["get"]).call(this, key);
    },
  });
  return () => {
    Object.defineProperty(IDBObjectStore.prototype, "get", original ?? {});
  };
}

describe("a store that does not answer", () => {
  it("is not taken for an empty one, in which somebody would open a second session", async () => {
    await openSession();
    await sees("Today’s session");
    await tap("Lock now");
    await sees("Who are you?");
    const restore = refuseReading("drafts");

    await unlock();
    await sees("The tablet’s storage does not answer");
    restore();

    expect(screen.root.textContent).not.toContain("No session is open");
  });
});

describe("a visit that cannot be stored", () => {
  it("is said at once, with what to do on paper, and is still on the screen", async () => {
    await openSession();
    await tap(...WALK_IN);
    const add = Object.getOwnPropertyDescriptor(IDBObjectStore.prototype, "add");
    Object.defineProperty(IDBObjectStore.prototype, "add", {
      ...add,
      value: () => {
        throw new DOMException("No room", "QuotaExceededError");
      },
    });

    await tap("Save visit");
    await sees("Write the visit on paper now");
    Object.defineProperty(IDBObjectStore.prototype, "add", add ?? {});

    expect(screen.root.textContent).not.toContain("Saved on this tablet.");
    await tap("Save visit");
    await sees("Saved on this tablet.");
    expect(await payloads()).toHaveLength(2);
  });
});

describe("the locked tablet", () => {
  it("shows nothing of what was recorded, and urgent help all the same", async () => {
    await openSession();
    await tap(...WALK_IN, "Save visit", "Lock now");

    await sees("Who are you?");
    expect(screen.root.textContent).not.toContain("Anxiety");
    await tap("Urgent help");
    await sees("Urgent help");
  });
});

describe("a record that the server could not settle", () => {
  it("is listed with its reason, and is sent again when somebody asks", async () => {
    await openSession();
    await tap(...WALK_IN, "Save visit");
    await sees("Saved on this tablet.");
    const visit = (await ground.store.waiting(10))[1];
    if (visit) {
      await ground.store.needAttention(visit.id, visit.hash, "A code is not known.");
    }
    await look();

    await tap("1 needing attention");
    await sees("A code is not known.");
    await tap("Send again");

    await sees("Nothing needs attention.");
    expect(await ground.store.waiting(10)).toHaveLength(2);
  });
});
