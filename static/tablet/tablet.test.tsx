import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { toBase64Url } from "./bytes";
import { Database } from "./database";
import { DeviceStore } from "./device";
import type { Payload, Sealed } from "./records";
import type { Surroundings } from "./running";
import { Screen } from "./screens/testing";
import { Store } from "./store";
import { Tablet } from "./tablet";
import { CAFE, DEVICE, ServerHalf } from "./testing";

vi.setConfig({ testTimeout: 30_000 });

const PIN = "480213";

/** A server as docs/tablet-sync.md describes it, which can be away. */
class Server {
  isAway = false;
  isRevoked = false;
  people = [{ user_id: "asha", membership_id: "m", name: "Asha Patel", is_lead: true, is_manager: false }];
  readonly arrived = new Map<string, Payload>();
  /** Recovery shares as they were deposited, the last one last. */
  readonly shares: { iv: string; data: string }[] = [];
  refusesShares = false;
  /** Who may set a new PIN, once. */
  allowed: { user_id: string; name: string } | null = null;

  constructor(private readonly half: ServerHalf) {}

  readonly fetch: typeof fetch = async (address, options) => {
    if (this.isAway) {
      throw new TypeError("Failed to fetch");
    }
    const url = new URL(address as string, "https://cafe.example");
    if (this.isRevoked) {
      return Response.json({ detail: "Unknown." }, { status: 401 });
    }
    switch (url.pathname) {
      case "/api/v1/tablet/enrol":
        return Response.json({
          device_id: DEVICE,
          cafe_id: CAFE,
          cafe_name: "The Kettle",
          token: "token",
          server_key: toBase64Url(this.half.publicKey),
          receipt_key: toBase64Url(this.half.receiptKey),
        });
      case "/api/v1/tablet/today":
        return Response.json(
          {
            cafe: { name: "The Kettle" },
            sessions: [],
            people: this.people,
            records: [],
            settled_until: "2026-11-25T18:00:00+00:00",
          },
          { headers: { etag: '"1"' } },
        );
      case "/api/v1/tablet/recovery-share":
        if (this.refusesShares) {
          return new Response(null, { status: 503 });
        }
        this.shares.push(JSON.parse(options?.body as string) as { iv: string; data: string });
        return new Response(null, { status: 204 });
      case "/api/v1/tablet/recover": {
        const { allowed } = this;
        this.allowed = null;
        return allowed
          ? Response.json({ ...this.shares.at(-1), ...allowed })
          : Response.json({ detail: "Nobody may set a new PIN on this tablet now." }, { status: 422 });
      }
      default:
        return this.sync(options?.body as string);
    }
  };

  async open(record: Sealed): Promise<Payload> {
    return this.half.open(record);
  }

  private async sync(body: string): Promise<Response> {
    const { records } = JSON.parse(body) as { records: Sealed[] };
    const results = [];
    for (const record of records) {
      this.arrived.set(record.id, await this.half.open(record));
      const { id, hash, receivedAt, mac } = await this.half.receipt(record);
      results.push({ receipt: { id, hash, received_at: receivedAt, mac } });
    }
    return Response.json({ results, missing: [] });
  }
}

let server: Server;
let screen: Screen;
let around: Surroundings;
let files: { name: string; text: string }[];

beforeEach(async () => {
  globalThis.indexedDB = new IDBFactory();
  server = new Server(await ServerHalf.create());
  screen = new Screen();
  files = [];
});

afterEach(() => {
  screen.remove();
});

/** Open the app in a browser that has what an earlier run left behind. */
function open(): void {
  screen.remove();
  screen = new Screen();
  around = {
    database: new Database("tablet"),
    appVersion: "test",
    fetcher: server.fetch,
    // One tab, which has the lock at once.
    locks: {
      request: (async (_name: string, _options: LockOptions, callback: () => Promise<unknown>) =>
        callback()) as LockManager["request"],
    },
    storage: {
      persisted: async () => Promise.resolve(true),
      estimate: async () => Promise.resolve({ quota: 1e9, usage: 0 }),
    },
    now: () => new Date(),
    isOnline: () => !server.isAway,
    saveFile: (name, text) => files.push({ name, text }),
    iterations: 1000,
  };
  screen.show(<Tablet around={around} code="the-code" askToStay={async () => Promise.resolve(true)} />);
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

async function enrol(): Promise<void> {
  open();
  await tap("Next", "Asha Patel");
  for (const button of ["Next", "Set PIN"]) {
    await screen.until(() => screen.has(button));
    screen.type(PIN);
    await tap(button);
  }
  await sees("No session is open");
}

async function unlock(): Promise<void> {
  await tap("Asha Patel");
  await screen.until(() => screen.has("Open"));
  screen.type(PIN);
  await tap("Open");
}

const VISIT = [
  "Record a visit",
  "Somebody who gives no name",
  "7",
  "Anxiety",
  "Next",
  "Refreshments",
  "Next",
  "4",
  "Save visit",
];

function kinds(): string[] {
  return [...server.arrived.values()].map(({ kind }) => kind);
}

describe("a new tablet", () => {
  it("is enrolled by the code of its address, gets its first PIN, and sends what is recorded", async () => {
    await enrol();

    await tap("Open a session", "Open the session", ...VISIT);
    await screen.until(() => server.arrived.size === 2);
    await sees("0 saved on this tablet, not sent yet");

    expect(kinds()).toEqual(["session_opened", "visit"]);
  });

  it("says why a code is not taken while there is no network, and takes it afterwards", async () => {
    server.isAway = true;
    open();
    await tap("Next");
    await sees("The server could not be reached");

    server.isAway = false;
    await tap("Next");

    await sees("Who are you?");
  });
});

describe("a tablet whose server went away in the middle of an evening", () => {
  it("records on, starts without it, and sends everything once when it is back", async () => {
    await enrol();
    await tap("Open a session", "Open the session");
    await screen.until(() => server.arrived.size === 1);
    server.isAway = true;
    await tap(...VISIT);
    await sees("1 saved on this tablet, not sent yet");

    open();
    await unlock();
    await sees("1 visit so far");
    await tap(...VISIT);
    await sees("2 saved on this tablet, not sent yet");
    server.isAway = false;
    open();
    await unlock();

    await screen.until(() => server.arrived.size === 3);
    expect(kinds()).toEqual(["session_opened", "visit", "visit"]);
  });
});

describe("an evening that is over and sent", () => {
  async function records(): Promise<number> {
    const { sent, saved, attention } = await new Store(around.database).counts();
    return sent + saved + attention;
  }

  async function close(): Promise<void> {
    await sees("1 visit so far");
    await tap("Close the session");
    screen.type("1");
    await tap("Next");
    await sees("The session is closed");
  }

  it("leaves the tablet when it is locked, and not while somebody looks at it", async () => {
    await enrol();
    await tap("Open a session", "Open the session", ...VISIT);
    await close();
    await sees("0 saved on this tablet, not sent yet");
    expect(await records()).toBe(3);

    await tap("Lock now");
    await sees("Who are you?");
    await vi.waitFor(async () => {
      expect(await records()).toBe(0);
    });

    expect(kinds()).toEqual(["session_opened", "visit", "session_closed"]);
  });

  it("stays while the server is away, and leaves a locked tablet when it is back", async () => {
    await enrol();
    await tap("Open a session", "Open the session");
    await screen.until(() => server.arrived.size === 1);
    server.isAway = true;
    await tap(...VISIT);
    await close();
    await tap("Lock now");
    await sees("Who are you?");
    expect(await records()).toBe(3);

    server.isAway = false;
    open();
    await screen.until(() => server.arrived.size === 3);

    await vi.waitFor(async () => {
      expect(await records()).toBe(0);
    });
  });

  it("leaves at the latest when the next session is opened", async () => {
    await enrol();
    await tap("Open a session", "Open the session", ...VISIT);
    await close();
    await sees("0 saved on this tablet, not sent yet");

    await tap("Open a session", "Open the session");
    await sees("0 visits so far");
    await sees("0 saved on this tablet, not sent yet");

    await vi.waitFor(async () => {
      expect(await records()).toBe(1);
    });
  });
});

describe("a forgotten PIN", () => {
  const NEW_PIN = "915037";

  async function forgotten(): Promise<void> {
    await tap("Asha Patel", "Forgotten your PIN?", "Set a new PIN");
  }

  it("is set anew once a manager allowed it, and what was saved before is there", async () => {
    await enrol();
    await screen.until(() => server.shares.length === 1);
    await tap("Open a session", "Open the session", ...VISIT);
    await tap("Lock now");
    server.allowed = { user_id: "asha", name: "Asha Patel" };

    await forgotten();
    for (const button of ["Next", "Set PIN"]) {
      await screen.until(() => screen.has(button));
      screen.type(NEW_PIN);
      await tap(button);
    }

    await sees("1 visit so far");
    open();
    await tap("Asha Patel");
    await screen.until(() => screen.has("Open"));
    screen.type(NEW_PIN);
    await tap("Open");
    await sees("1 visit so far");
  });

  it("says what to do while nobody allowed it, and while there is no connection", async () => {
    await enrol();
    await tap("Lock now");

    await forgotten();
    await sees("Nobody may set a new PIN on this tablet now.");
    server.isAway = true;
    await tap("Set a new PIN");

    await sees("A new PIN needs a connection");
  });

  it("does not open a tablet by a share of another browser", async () => {
    await enrol();
    await screen.until(() => server.shares.length === 1);
    await tap("Lock now");
    server.shares.push({ iv: toBase64Url(new Uint8Array(12)), data: toBase64Url(new Uint8Array(48)) });
    server.allowed = { user_id: "asha", name: "Asha Patel" };

    await forgotten();

    await sees("does not open this tablet");
  });

  it("deposits the share once", async () => {
    await enrol();
    await screen.until(() => server.shares.length === 1);
    await vi.waitFor(async () => {
      expect((await new DeviceStore(around.database).device())?.isShareKept).toBe(true);
    });

    open();
    await unlock();
    await sees("No session is open");

    expect(server.shares).toHaveLength(1);
  });

  it("is offered again at the next PIN when the server was away at the first", async () => {
    server.refusesShares = true;
    await enrol();
    server.refusesShares = false;

    open();
    await unlock();

    await screen.until(() => server.shares.length === 1);
  });
});

describe("a tablet that cannot send any more", () => {
  it("saves what has no receipt to a file that the server opens, and keeps it", async () => {
    await enrol();
    await tap("Open a session", "Open the session");
    await screen.until(() => server.arrived.size === 1);
    await sees("0 saved on this tablet, not sent yet");
    expect(screen.has("Save what is not sent to a file")).toBe(false);
    server.isRevoked = true;
    await tap(...VISIT);

    await tap("Save what is not sent to a file");
    await screen.until(() => files.length === 1);

    const file = JSON.parse(files[0]?.text ?? "") as { device_id: string; format: string; records: Sealed[] };
    const opened = await Promise.all(file.records.map(async (record) => server.open(record)));
    expect([file.format, file.device_id]).toEqual(["sutg-tablet-export-1", DEVICE]);
    expect(opened.map(({ kind }) => kind)).toEqual(["visit"]);
    await sees("1 record is in the file");
    await sees("1 saved on this tablet, not sent yet");
  });
});

describe("somebody who has left", () => {
  it("has no PIN here from the next time the server is heard, and is locked out at once", async () => {
    await enrol();
    server.people = [
      { user_id: "bea", membership_id: "m", name: "Bea Quinn", is_lead: false, is_manager: false },
    ];

    open();

    await sees("Bea Quinn");
    expect(screen.root.textContent).not.toContain("Asha Patel");
  });
});

describe("a store that cannot be counted", () => {
  it("is said on every screen, until it answers again", async () => {
    await enrol();
    const count = Object.getOwnPropertyDescriptor(IDBIndex.prototype, "count");
    const refuse = (): never => {
      throw new DOMException("Closed", "InvalidStateError");
    };
    Object.defineProperty(IDBIndex.prototype, "count", { ...count, value: refuse });

    await tap("Open a session", "Open the session");
    await sees("The tablet’s storage does not answer");
    Object.defineProperty(IDBIndex.prototype, "count", count ?? {});
    await tap(...VISIT);
    await sees("Saved on this tablet.");
    await screen.until(() => !screen.root.textContent.includes("does not answer"));

    expect(screen.root.textContent).not.toContain("does not answer");
  });
});

describe("a tablet that was revoked", () => {
  it("says so on every screen, and goes on recording", async () => {
    await enrol();
    server.isRevoked = true;

    await tap("Open a session", "Open the session", ...VISIT);

    await sees("Saved on this tablet");
    await sees("This tablet cannot send: it has to be enrolled again");
  });
});
