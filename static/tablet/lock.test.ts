// @vitest-environment node
import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { beforeEach, describe, expect, it } from "vitest";

import { Database } from "./database";
import { DeviceStore } from "./device";
import { createDataKey, createDeviceKey } from "./keys";
import { IDLE_MS, Lock, MOST_TRIES, type Open, faultOfPin } from "./lock";

// As many rounds as the product has would make each case a second.
const FEW = 1000;
const PIN = "480213";
const ASHA = { id: "asha", name: "Asha Patel" };

let clock: number;
let devices: DeviceStore;
let device: CryptoKey;
let lock: Lock;
let seen: (Open | null)[];

beforeEach(async () => {
  globalThis.indexedDB = new IDBFactory();
  clock = 1_000_000;
  devices = new DeviceStore(new Database("tablet"), () => clock);
  device = await createDeviceKey();
  seen = [];
  lock = newLock();
  await lock.setPin(ASHA, PIN, createDataKey(), device, FEW);
  lock.lock();
});

function newLock(): Lock {
  return new Lock(
    devices,
    (open) => seen.push(open),
    () => clock,
  );
}

async function tryWrong(times: number): Promise<void> {
  for (let index = 0; index < times; index += 1) {
    clock += 60 * 60_000;
    await lock.unlock("asha", "999111", device);
  }
}

describe("opening", () => {
  it("takes the person's own PIN and tells the screen who it is", async () => {
    const opening = await lock.unlock("asha", PIN, device);

    expect(opening.kind).toBe("open");
    expect(lock.open?.name).toBe("Asha Patel");
    expect(seen.at(-1)?.id).toBe("asha");
  });

  it("opens the same data for each person who has a PIN", async () => {
    const raw = createDataKey();
    await lock.setPin({ id: "bea", name: "Bea" }, "719305", raw.slice(), device, FEW);
    const kept = lock.open;
    await lock.setPin({ id: "cy", name: "Cy" }, "305719", raw.slice(), device, FEW);
    await devices.keepDraft("visit", "what Bea typed", kept?.dataKey as CryptoKey);

    await lock.unlock("cy", "305719", device);

    expect(await devices.draft("visit", lock.open?.dataKey as CryptoKey)).toBe("what Bea typed");
  });

  it("wipes the raw key it was given", async () => {
    const raw = createDataKey();

    await lock.setPin({ id: "bea", name: "Bea" }, "719305", raw, device, FEW);

    expect(raw.every((byte) => byte === 0)).toBe(true);
  });
});

describe("the first PIN", () => {
  it("of two windows that set it at the same moment is one, and there is one data key", async () => {
    await devices.removePerson("asha");
    const [one, other] = [newLock(), newLock()];
    const raws = [createDataKey(), createDataKey()] as const;

    const set = await Promise.all([
      one.setFirstPin({ id: "bea", name: "Bea" }, "719305", raws[0], device, FEW),
      other.setFirstPin({ id: "cy", name: "Cy" }, "305719", raws[1], device, FEW),
    ]);

    expect(set.filter(Boolean)).toHaveLength(1);
    expect([one.open, other.open].filter(Boolean)).toHaveLength(1);
    expect(await devices.people()).toHaveLength(1);
    expect(raws.flatMap((raw) => [...raw]).every((byte) => byte === 0)).toBe(true);
  });
});

describe("wrong PINs", () => {
  it("say how many are left, and slow down from the third", async () => {
    const openings = [];
    for (let index = 0; index < 3; index += 1) {
      openings.push(await lock.unlock("asha", "999111", device));
    }

    expect(openings).toEqual([
      { kind: "wrong", until: clock, left: 9 },
      { kind: "wrong", until: clock, left: 8 },
      { kind: "wrong", until: clock + 30_000, left: 7 },
    ]);
    expect(await lock.unlock("asha", PIN, device)).toEqual({ kind: "wait", until: clock + 30_000 });
  });

  it("are counted across a restart of the app", async () => {
    await tryWrong(3);

    const opening = await newLock().unlock("asha", PIN, device);

    expect(opening.kind).toBe("wait");
  });

  it("bar the person after ten, whatever they wait, and nobody else", async () => {
    await lock.setPin({ id: "bea", name: "Bea" }, "719305", createDataKey(), device, FEW);
    await tryWrong(MOST_TRIES);
    clock += 24 * 60 * 60_000;

    expect(await lock.unlock("asha", PIN, device)).toEqual({ kind: "barred" });
    expect((await lock.unlock("bea", "719305", device)).kind).toBe("open");
  });

  it("in two tabs at once get no more tries than in one", async () => {
    await tryWrong(MOST_TRIES - 1);
    clock += 60 * 60_000;

    const openings = await Promise.all(
      ["999111", "999222", PIN].map(async (pin) => newLock().unlock("asha", pin, device)),
    );

    expect(openings.at(-1)).toEqual({ kind: "barred" });
  });

  it("wait again when somebody sets the clock back", async () => {
    await tryWrong(3);
    clock -= 2 * 60 * 60_000;

    expect(await lock.unlock("asha", PIN, device)).toEqual({ kind: "wait", until: clock + 30_000 });
  });

  it("are forgiven by the right one", async () => {
    await tryWrong(2);
    await lock.unlock("asha", PIN, device);

    expect((await devices.person("asha"))?.wrongTries).toBe(0);
  });
});

describe("somebody else", () => {
  const BEA = { id: "bea", name: "Bea" };

  it("gets a PIN of their own from whoever has the tablet open, and opens the same data", async () => {
    await lock.unlock("asha", PIN, device);
    await devices.keepDraft("visit", "what Asha typed", lock.open?.dataKey as CryptoKey);

    await lock.addPerson(BEA, "719305", PIN, device, FEW);

    expect(lock.open?.id).toBe("asha");
    lock.lock();
    await lock.unlock("bea", "719305", device);
    expect(await devices.draft("visit", lock.open?.dataKey as CryptoKey)).toBe("what Asha typed");
  });

  it("gets none from a tablet that is locked", async () => {
    expect((await lock.addPerson(BEA, "719305", PIN, device, FEW)).kind).toBe("barred");

    expect(await devices.person("bea")).toBeUndefined();
  });

  it("gets none for a wrong PIN, which counts as one", async () => {
    await lock.unlock("asha", PIN, device);

    expect(await lock.addPerson(BEA, "719305", "999111", device, FEW)).toMatchObject({
      kind: "wrong",
      left: 9,
    });

    expect(await devices.person("bea")).toBeUndefined();
  });
});

describe("locking", () => {
  it("forgets the key at once when asked", async () => {
    await lock.unlock("asha", PIN, device);

    lock.lock();

    expect(lock.open).toBeNull();
    expect(seen.at(-1)).toBeNull();
  });

  it("comes after two minutes without a touch, and not before", async () => {
    await lock.unlock("asha", PIN, device);
    clock += IDLE_MS - 1;
    lock.touch();
    clock += IDLE_MS - 1;
    lock.lockWhenIdle();
    expect(lock.open).not.toBeNull();

    clock += 1;
    lock.lockWhenIdle();

    expect(lock.open).toBeNull();
  });

  it("comes when the clock was set back, rather than never", async () => {
    await lock.unlock("asha", PIN, device);
    clock -= 60 * 60_000;

    lock.lockWhenIdle();

    expect(lock.open).toBeNull();
  });
});

describe("a new PIN", () => {
  it.each(["123456", "654321", "000000", "121212", "480480"])("is refused when it is %s", (pin) => {
    expect(faultOfPin(pin)).toContain("harder to guess");
  });

  it.each(["12345", "1234567", "12 456", "abcdef", ""])("has six digits, unlike “%s”", (pin) => {
    expect(faultOfPin(pin)).toBe("Enter 6 digits");
  });

  it("that is weak is kept for nobody", async () => {
    await expect(
      lock.setPin({ id: "bea", name: "Bea" }, "111111", createDataKey(), device, FEW),
    ).rejects.toThrow(RangeError);

    expect(await devices.person("bea")).toBeUndefined();
  });
});
