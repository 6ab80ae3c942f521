import { describe, expect, it, vi } from "vitest";

import { INSTALL_NOW } from "./names";
import { type HeldBack, LONGEST_HELD_MS, OPEN, Updates } from "./updates";

/** The browser's locks, as far as they are asked for here: shared ones together, an exclusive one alone. */
class Locks {
  held = 0;

  async request(
    _: string,
    options: LockOptions,
    task: (lock: Lock | null) => Promise<unknown>,
  ): Promise<unknown> {
    if (options.mode !== "shared") {
      return task(this.held > 0 ? null : ({} as Lock));
    }
    this.held += 1;
    await task({} as Lock).finally(() => {
      this.held -= 1;
    });
    return undefined;
  }
}

/** What is kept of holding back, beyond a reload. */
class Kept implements HeldBack {
  at: number | undefined;

  async since(now: number): Promise<number> {
    this.at ??= now;
    return Promise.resolve(this.at);
  }

  async end(): Promise<void> {
    this.at = undefined;
    return Promise.resolve();
  }
}

function surroundings(given: { controller?: boolean; waiting?: boolean; kept?: HeldBack } = {}): {
  updates: Updates;
  locks: Locks;
  posted: unknown[];
  reload: ReturnType<typeof vi.fn>;
  changeController: () => void;
  registered: unknown[];
  hour: () => void;
  draft: { is: boolean };
  clock: { now: number };
} {
  const posted: unknown[] = [];
  const registered: unknown[] = [];
  const container = new EventTarget();
  const registration = new EventTarget();
  const worker = { postMessage: (message: unknown) => posted.push(message) };
  Object.assign(registration, {
    waiting: given.waiting === false ? null : worker,
    update: async () => Promise.reject(new Error("no connection")),
  });
  Object.assign(container, {
    controller: given.controller === false ? null : {},
    register: async (...asked: unknown[]) => {
      registered.push(asked);
      return Promise.resolve(registration);
    },
  });
  const locks = new Locks();
  const reload = vi.fn();
  const draft = { is: false };
  const clock = { now: 0 };
  const updates = new Updates({
    container: container as unknown as ServiceWorkerContainer,
    locks: locks as unknown as LockManager,
    reload,
    now: () => clock.now,
    hasDraft: async () => Promise.resolve(draft.is),
    heldBack: given.kept ?? new Kept(),
  });
  const hours: (() => void)[] = [];
  const start = updates.start.bind(updates);
  updates.start = async () => start((task) => hours.push(task));
  return {
    updates,
    locks,
    posted,
    reload,
    registered,
    draft,
    clock,
    changeController: () => container.dispatchEvent(new Event("controllerchange")),
    hour: () => {
      hours.forEach((task) => {
        task();
      });
    },
  };
}

describe("a new version", () => {
  it("is registered for the app's own addresses, and asked for past the browser's cache", async () => {
    const { updates, registered } = surroundings();

    await updates.start();

    expect(registered).toEqual([["/tablet/sw.js", { scope: "/tablet/", updateViaCache: "none" }]]);
  });

  it("installs itself while the tablet is locked", async () => {
    const { updates, posted } = surroundings();

    await updates.start();

    expect(posted).toEqual([INSTALL_NOW]);
  });

  it("waits while somebody has the tablet open, and installs itself once it is locked", async () => {
    const { updates, posted } = surroundings();

    await updates.note(true);
    await updates.start();
    const meanwhile = [...posted];
    await updates.note(false);

    expect(meanwhile).toEqual([]);
    expect(posted).toEqual([INSTALL_NOW]);
  });

  it("waits while another window has the tablet open", async () => {
    const { updates, posted, locks } = surroundings();
    void locks.request(OPEN, { mode: "shared" }, async () => new Promise(() => undefined));

    await updates.start();

    expect(posted).toEqual([]);
  });

  it("waits for what is half entered, for half a day and no longer", async () => {
    const { updates, posted, draft, clock } = surroundings();
    draft.is = true;

    await updates.start();
    clock.now = LONGEST_HELD_MS - 1;
    await updates.look();
    const meanwhile = [...posted];
    clock.now = LONGEST_HELD_MS;
    await updates.look();

    expect(meanwhile).toEqual([]);
    expect(posted).toEqual([INSTALL_NOW]);
  });

  it("waits no longer because the page was reloaded meanwhile", async () => {
    const kept = new Kept();
    const before = surroundings({ kept });
    before.draft.is = true;
    await before.updates.start();
    const after = surroundings({ kept });
    after.draft.is = true;
    after.clock.now = LONGEST_HELD_MS - 1;
    await after.updates.start();
    const meanwhile = [...after.posted];

    after.clock.now = LONGEST_HELD_MS;
    await after.updates.look();

    expect(meanwhile).toEqual([]);
    expect(after.posted).toEqual([INSTALL_NOW]);
  });

  it("waits as long as the one before it, once that one was installed", async () => {
    const kept = new Kept();
    const before = surroundings({ kept });
    before.draft.is = true;
    await before.updates.start();

    await surroundings({ kept, waiting: false }).updates.start();

    expect(kept.at).toBeUndefined();
  });

  it("is held back by a store that does not answer for half a day as well", async () => {
    const failing = async (): Promise<never> => Promise.reject(new Error("closed"));
    const { updates, posted, draft, clock } = surroundings({ kept: { since: failing, end: failing } });
    draft.is = true;

    await updates.start();
    clock.now = LONGEST_HELD_MS;
    await updates.look();

    expect(posted).toEqual([INSTALL_NOW]);
  });

  it("reloads the page when it has taken over, and not while somebody has it open", async () => {
    const { updates, reload, changeController } = surroundings();
    await updates.start();

    await updates.note(true);
    changeController();
    const meanwhile = reload.mock.calls.length;
    await updates.note(false);

    expect(meanwhile).toBe(0);
    expect(reload).toHaveBeenCalledTimes(1);
  });

  it("does not reload for the first worker of a tablet", async () => {
    const { updates, reload, changeController } = surroundings({ controller: false });

    await updates.start();
    changeController();

    expect(reload).not.toHaveBeenCalled();
  });

  it("lets go of its lock when the tablet is locked, so that other windows may install", async () => {
    const { updates, locks } = surroundings({ waiting: false });

    await updates.note(true);
    const whileOpen = locks.held;
    await updates.note(false);
    await Promise.resolve();

    expect(whileOpen).toBe(1);
    await vi.waitFor(() => {
      expect(locks.held).toBe(0);
    });
  });
});
