// @vitest-environment node
import { describe, expect, it } from "vitest";

import {
  WrongPin,
  createDataKey,
  createDeviceKey,
  decrypt,
  encrypt,
  fromRecoveryShare,
  importDataKey,
  recoveryShare,
  unwrapWithPin,
  wrapWithPin,
} from "./keys";
import { toBytes, toText } from "./bytes";

// As many rounds as the product has would make each case a second; what is shown here does not depend on them.
const FEW = 1000;

describe("a PIN", () => {
  it("opens the data key on the tablet on which it was set", async () => {
    const device = await createDeviceKey();
    const raw = createDataKey();

    const wrap = await wrapWithPin(raw, "480213", "asha", device, FEW);

    expect(await unwrapWithPin(wrap, "480213", "asha", device)).toEqual(raw);
  });

  it.each([
    ["another PIN", "480214", "asha"],
    ["somebody else's wrap", "480213", "bruno"],
  ])("does not open it for %s", async (_, pin, staffId) => {
    const device = await createDeviceKey();
    const wrap = await wrapWithPin(createDataKey(), "480213", "asha", device, FEW);

    await expect(unwrapWithPin(wrap, pin, staffId, device)).rejects.toThrow(WrongPin);
  });

  it("is worth nothing on another device", async () => {
    const wrap = await wrapWithPin(createDataKey(), "480213", "asha", await createDeviceKey(), FEW);

    await expect(unwrapWithPin(wrap, "480213", "asha", await createDeviceKey())).rejects.toThrow(WrongPin);
  });

  it("is never wrapped alike twice", async () => {
    const device = await createDeviceKey();
    const raw = createDataKey();

    const [first, second] = [
      await wrapWithPin(raw, "480213", "asha", device, FEW),
      await wrapWithPin(raw, "480213", "asha", device, FEW),
    ];

    expect(new Uint8Array(first.outer.data)).not.toEqual(new Uint8Array(second.outer.data));
    expect(new Uint8Array(first.salt)).not.toEqual(new Uint8Array(second.salt));
  });
});

describe("the recovery share", () => {
  it("gives the data key back on its own tablet alone", async () => {
    const device = await createDeviceKey();
    const raw = createDataKey();

    const share = await recoveryShare(raw, device);

    expect(await fromRecoveryShare(share, device)).toEqual(raw);
    await expect(fromRecoveryShare(share, await createDeviceKey())).rejects.toThrow();
  });
});

describe("the device key", () => {
  it("is not handed out by the browser", async () => {
    const device = await createDeviceKey();

    await expect(crypto.subtle.exportKey("raw", device)).rejects.toThrow();
  });
});

describe("what is encrypted", () => {
  it("opens under the same key and context only, with a fresh IV each time", async () => {
    const key = await importDataKey(createDataKey());

    const first = await encrypt(key, toBytes("a visit"), "café 1");
    const second = await encrypt(key, toBytes("a visit"), "café 1");

    expect(toText(await decrypt(key, first, "café 1"))).toBe("a visit");
    expect(new Uint8Array(first.iv)).not.toEqual(new Uint8Array(second.iv));
    await expect(decrypt(key, first, "café 2")).rejects.toThrow();
  });
});
