import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { toBase64Url } from "./bytes";
import { QUESTIONS } from "./choices";
import { Database } from "./database";
import { DeviceStore } from "./device";
import { createDataKey, createDeviceKey } from "./keys";
import { IDLE_MS, Lock, MOST_TRIES } from "./lock";
import type { Payload } from "./records";
import type { Surroundings } from "./running";
import { Screen } from "./screens/testing";
import { Store } from "./store";
import { Tablet } from "./tablet";
import { CAFE, DEVICE, ServerHalf } from "./testing";

vi.setConfig({ testTimeout: 30_000 });

const PIN = "480213";
const FEW = 1000;
const LOCKS: Surroundings["locks"] = {
  request: (async (_name: string, _options: LockOptions, callback: () => Promise<unknown>) =>
    callback()) as LockManager["request"],
};

let server: ServerHalf;
let screen: Screen;
let database: Database;
let time: number;

beforeEach(async () => {
  globalThis.indexedDB = new IDBFactory();
  time = new Date(2026, 10, 25, 18, 4).getTime();
  server = await ServerHalf.create();
  const devices = new DeviceStore(new Database("tablet"));
  const device = await devices.enrol(
    {
      deviceId: DEVICE,
      cafeId: CAFE,
      cafeName: "The Kettle",
      serverKey: toBase64Url(server.publicKey),
      receiptKey: server.receiptKey,
      token: "token",
    },
    await createDeviceKey(),
  );
  const lock = new Lock(devices, () => undefined);
  await lock.setPin({ id: "asha", name: "Asha Patel" }, PIN, createDataKey(), device.key, FEW);
  screen = new Screen();
  open();
});

afterEach(() => {
  screen.remove();
});

/** The app in a browser that has what an earlier run left behind; there is no network. */
function open(): void {
  screen.remove();
  screen = new Screen();
  database = new Database("tablet");
  const around: Surroundings = {
    database,
    appVersion: "test",
    fetcher: async () => Promise.reject(new TypeError("Failed to fetch")),
    locks: LOCKS,
    storage: {
      persisted: async () => Promise.resolve(false),
      estimate: async () => Promise.resolve({ quota: 1e9, usage: 0 }),
    },
    now: () => new Date(time),
    isOnline: () => false,
    iterations: FEW,
  };
  screen.show(<Tablet around={around} code="" askToStay={async () => Promise.resolve(true)} />);
}

async function tap(...words: string[]): Promise<void> {
  for (const word of words) {
    await screen.until(() => screen.has(word));
    screen.tap(word);
    await screen.settle();
  }
}

async function sees(words: string): Promise<void> {
  await screen.until(() => screen.root.textContent.includes(words));
  expect(screen.root.textContent).toContain(words);
}

async function enterPin(pin = PIN): Promise<void> {
  await tap("Asha Patel");
  await screen.until(() => screen.has("Open"));
  screen.type(pin);
  await tap("Open");
}

/** A visit is recorded, and its visitor has the tablet. */
async function handOver(language = "English"): Promise<void> {
  await enterPin();
  await tap("Open a session", "Open the session");
  await tap(
    "Record a visit",
    "Somebody who gives no name",
    "7",
    "Anxiety",
    "Next",
    "Next",
    "4",
    "Save visit",
  );
  await tap("18:04", "Hand to the visitor", language);
  await screen.until(() => !screen.has("Lock now"));
}

async function answersSaved(): Promise<Payload[]> {
  const records = await new Store(database).waiting(100);
  const about = records.filter(({ kind }) => kind === "answers");
  return Promise.all(about.map(async (record) => server.open(record)));
}

/** Every text on the way that staff must not come to see again. */
const STAFF = ["Today’s session", "Who is on duty", "not sent yet", "Anxiety"];

function expectNothingOfTheStaff(): void {
  for (const words of STAFF) {
    expect(screen.root.textContent).not.toContain(words);
  }
}

describe("the tablet in a visitor's hands", () => {
  it("asks one question a page, and staff are told how many were answered and nothing else", async () => {
    await handOver();
    await sees("Some questions about you");
    await tap("Start", "30–34", "Non-binary", "Prefer not to say", "Skip this question");
    await sees("What is your religion or belief?");

    await tap("Give the tablet back");
    await enterPin();

    await sees("Answers given: 3 of 14");
    await sees("Today’s session");
    expect(screen.root.textContent).not.toContain("Non-binary");
    const [given] = await answersSaved();
    expect(given).toMatchObject({ kind: "answers", recordedBy: "asha" });
    expect(given?.body["answers"]).toEqual({
      age_band: "30-34",
      gender_identity: "3",
      gender_same_at_birth: "Z",
    });
    await tap("18:04");
    await sees("Answers given: 3 of 14");
  });

  it("seals the answers when the visitor has finished, before anybody enters a PIN", async () => {
    await handOver();
    await tap("Start", "Under 18");
    for (let index = 1; index < QUESTIONS.length; index += 1) {
      await tap("Prefer not to say");
    }

    await tap("Finish");
    await sees("Thank you");

    const [given, ...others] = await answersSaved();
    expect(others).toEqual([]);
    expect(given).toMatchObject({
      recordedBy: "",
      body: { answers: { age_band: "u18", disability: ["ZZ"] } },
    });
    expect(Object.keys(given?.body["answers"] as object)).toHaveLength(QUESTIONS.length);
    await tap("Give the tablet back");
    await enterPin();
    await sees("Answers given: 14 of 14");
    expect(await answersSaved()).toHaveLength(1);
  });

  it("comes back to the visitor's question after a reload, with what they answered", async () => {
    await handOver("Polski");
    await tap("Zacznij", "30–34", "Kobieta");
    await sees("Pytanie 3 z 14");

    open();

    await sees("Pytanie 3 z 14");
    expectNothingOfTheStaff();
    expect(screen.has("Asha Patel")).toBe(false);
    await tap("Wstecz");
    expect(screen.root.querySelector("[aria-pressed=true]")?.textContent).toBe(
      "Kobieta (także trans kobieta)",
    );
    await tap("Oddaj tablet");
    await enterPin();
    await sees("Answers given: 2 of 14");
    expect((await answersSaved())[0]?.body["answers"]).toEqual({ age_band: "30-34", gender_identity: "2" });
  });

  it("has no way out but a PIN, and wrong ones are counted like those of the lock", async () => {
    await handOver();
    await tap("Start", "Give the tablet back");
    expect(screen.has("Lock now")).toBe(false);

    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      time += 20 * 60_000;
      await enterPin("999111");
      await tap("Not you?");
    }
    await enterPin();

    await sees("Ask your manager");
    expectNothingOfTheStaff();
    await tap("Back to the questions");
    await sees("Question 1 of 14");
  });

  it("shows urgent help in their language, and no warning or button of the staff", async () => {
    await handOver("Polski");
    await sees("Kilka pytań o Tobie");
    expect([...screen.root.querySelectorAll("header button")].map((each) => each.textContent)).toEqual([
      "Pilna pomoc",
    ]);
    expect(screen.root.textContent).not.toContain("This browser may throw away");

    await tap("Pilna pomoc");

    await sees("Jeśli ktoś jest teraz w niebezpieczeństwie");
    await sees("0808 800 3302");
    await tap("Wróć");
    await sees("Kilka pytań o Tobie");
  });

  it("keeps the answers however long they take", async () => {
    await handOver();
    await tap("Start", "Under 18");

    time += 10 * IDLE_MS;
    await screen.settle();

    await sees("Question 2 of 14");
    await tap("Give the tablet back");
    await enterPin();
    await sees("Answers given: 1 of 14");
  });

  it("records nothing when nothing was answered", async () => {
    await handOver();
    await tap("Start", "Skip this question", "Give the tablet back");
    await enterPin();

    await sees("Answers given: 0 of 14");
    expect(await answersSaved()).toEqual([]);
  });

  it("is not with the visitor again after it was taken back", async () => {
    await handOver();
    await tap("Start", "Under 18", "Give the tablet back");
    await enterPin();
    await sees("Today’s session");

    open();

    await sees("Who are you?");
    expect(screen.has("Back to the questions")).toBe(false);
  });
});

describe("another window of the app", () => {
  /** Use the window `other` as if it were this one, for as long as `task` takes. */
  async function within(other: Screen, task: () => Promise<void>): Promise<void> {
    const here = screen;
    screen = other;
    await task();
    screen = here;
  }

  it("is no way out: it goes into the visitor's hands too, and is locked once they gave it back", async () => {
    await enterPin();
    await sees("No session is open");
    const other = screen;
    screen = new Screen();
    open();
    await handOver();
    await sees("Some questions about you");

    await within(other, async () => {
      await sees("Some questions about you");
      expectNothingOfTheStaff();
      expect(screen.has("Open a session")).toBe(false);
    });
    await tap("Start", "Give the tablet back");
    await enterPin();
    await sees("Today’s session");
    await within(other, async () => {
      await sees("Who are you?");
      expect(screen.has("Back to the questions")).toBe(false);
    });
    other.remove();
  });
});

describe("answers that cannot be stored", () => {
  function refuse(): () => void {
    const original = Object.getOwnPropertyDescriptor(IDBObjectStore.prototype, "add");
    Object.defineProperty(IDBObjectStore.prototype, "add", {
      ...original,
      value: () => {
        throw new DOMException("No room", "QuotaExceededError");
      },
    });
    return () => {
      Object.defineProperty(IDBObjectStore.prototype, "add", original ?? {});
    };
  }

  it("leave the tablet locked and the answers where they are, and are saved once there is room", async () => {
    await handOver();
    await tap("Start", "Under 18", "Give the tablet back");
    const restore = refuse();
    await enterPin();
    await sees("could not be saved, and is kept here");
    expectNothingOfTheStaff();
    restore();

    screen.type(PIN);
    await tap("Open");

    await sees("Answers given: 1 of 14");
    expect(await answersSaved()).toHaveLength(1);
  });
});

describe("choosing the language", () => {
  it("says of each whether a speaker has checked it", async () => {
    await enterPin();
    await tap("Open a session", "Open the session");
    await tap(
      "Record a visit",
      "Somebody who gives no name",
      "7",
      "Next",
      "Next",
      "4",
      "Save visit",
      "18:04",
    );

    await tap("Hand to the visitor");
    await sees("Which language would they like?");

    const [english, easyRead, ...others] = [...screen.root.querySelectorAll(".app-language")];
    expect(english?.textContent).toBe("English");
    expect(easyRead?.textContent).toContain("not yet checked with people who use it");
    for (const each of others) {
      expect(each.textContent).toContain("not yet checked by a speaker");
    }
  });
});
