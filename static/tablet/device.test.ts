// @vitest-environment node
import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { beforeEach, describe, expect, it } from "vitest";

import { randomBytes, toText } from "./bytes";
import { Database } from "./database";
import { DeviceStore, type Enrolment, receiptKeyOf, tokenOf } from "./device";
import { createDataKey, createDeviceKey, importDataKey } from "./keys";
import { CAFE, DEVICE } from "./testing";

let devices: DeviceStore;
let database: Database;

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
  database = new Database("tablet");
  devices = new DeviceStore(database, () => 1000);
});

function enrolment(changes: Partial<Enrolment> = {}): Enrolment {
  return {
    deviceId: DEVICE,
    cafeId: CAFE,
    cafeName: "The Kettle",
    serverKey: "key",
    receiptKey: randomBytes(32),
    token: "secret-token",
    ...changes,
  };
}

describe("an enrolment", () => {
  it("is there after a restart, with its secrets", async () => {
    const given = enrolment();
    await devices.enrol(given, await createDeviceKey());
    await database.close();

    const device = await new DeviceStore(new Database("tablet")).device();

    expect(device).toMatchObject({ deviceId: DEVICE, cafeName: "The Kettle", enrolledAt: 1000 });
    expect(device && (await tokenOf(device))).toBe("secret-token");
    expect(device && (await receiptKeyOf(device))).toEqual(given.receiptKey);
  });

  it("keeps the token from whoever reads the store without this browser", async () => {
    await devices.enrol(enrolment(), await createDeviceKey());

    const { token, key } = (await devices.device()) ?? {};

    expect(toText(new Uint8Array(token?.data ?? new ArrayBuffer(0)).map((byte) => byte & 127))).not.toContain(
      "secret",
    );
    expect(key?.extractable).toBe(false);
  });

  it("made anew for the same device keeps its key, so that people's PINs still open it", async () => {
    const first = await createDeviceKey();
    await devices.enrol(enrolment(), first);

    await devices.enrol(enrolment({ token: "second-token" }), await createDeviceKey());

    const device = await devices.device();
    expect(device && (await tokenOf(device))).toBe("second-token");
  });

  it("of another device does not take the place of one whose records may be waiting", async () => {
    await devices.enrol(enrolment(), await createDeviceKey());

    const second = devices.enrol(enrolment({ deviceId: "device-2" }), await createDeviceKey());

    await expect(second).rejects.toThrow("enrolled as another device");
    expect((await devices.device())?.deviceId).toBe(DEVICE);
  });

  it("of two tabs at once is the one that came first", async () => {
    const key = await createDeviceKey();

    const settled = await Promise.allSettled([
      devices.enrol(enrolment(), key),
      new DeviceStore(new Database("tablet")).enrol(enrolment({ deviceId: "device-2" }), key),
    ]);

    expect(settled.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  });
});

describe("a draft", () => {
  it("survives a restart, and is not there in plain text", async () => {
    const dataKey = await importDataKey(createDataKey());
    await devices.keepDraft("visit", { note: "canary-value" }, dataKey);
    await database.close();

    const again = new DeviceStore(new Database("tablet"));

    expect(await again.draft("visit", dataKey)).toEqual({ note: "canary-value" });
    const stored = await new Database("tablet").use((opened) => opened.get("drafts", "visit"));
    expect(Buffer.from(stored?.data ?? new ArrayBuffer(0)).toString("latin1")).not.toContain("canary");
  });

  it("is what was tapped last, however fast", async () => {
    const dataKey = await importDataKey(createDataKey());
    const long = "x".repeat(200_000);

    await Promise.all([
      devices.keepDraft("visit", long, dataKey),
      devices.keepDraft("visit", "last", dataKey),
    ]);

    expect(await devices.draft("visit", dataKey)).toBe("last");
  });

  it("that is finished does not come back with a tap that was still being kept", async () => {
    const dataKey = await importDataKey(createDataKey());

    await Promise.all([devices.keepDraft("visit", "x", dataKey), devices.clearDraft("visit")]);

    expect(await devices.draft("visit", dataKey)).toBeUndefined();
  });

  it("that is finished is gone", async () => {
    const dataKey = await importDataKey(createDataKey());
    await devices.keepDraft("visit", { note: "x" }, dataKey);

    await devices.clearDraft("visit");

    expect(await devices.draft("visit", dataKey)).toBeUndefined();
  });
});

describe("a new version that is held back", () => {
  it("is held back from the moment that was kept first, until it was installed", async () => {
    await devices.heldBackSince(5000);

    expect(await new DeviceStore(new Database("tablet")).heldBackSince(9000)).toBe(5000);
    await devices.endHoldingBack();
    expect(await devices.heldBackSince(9000)).toBe(9000);
  });

  it("is not held back for longer by a clock that was set back", async () => {
    await devices.heldBackSince(9000);

    expect(await devices.heldBackSince(5000)).toBe(5000);
    expect(await devices.heldBackSince(6000)).toBe(5000);
  });
});
