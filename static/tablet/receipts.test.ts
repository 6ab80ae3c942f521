// @vitest-environment node
import { describe, expect, it } from "vitest";

import { importReceiptKey, proves } from "./receipts";
import type { Stored } from "./records";
import { DEVICE, ServerHalf, draft } from "./testing";

describe("a receipt", () => {
  it("proves its own record", async () => {
    const { server, record, key } = await given();

    expect(await proves(await server.receipt(record), record, DEVICE, key)).toBe(true);
  });

  it("proves nothing of another content, another record or another device", async () => {
    const { server, record, key } = await given();
    const receipt = await server.receipt(record);

    expect(await proves({ ...receipt, hash: "other" }, record, DEVICE, key)).toBe(false);
    expect(await proves(receipt, { ...record, id: "other" }, DEVICE, key)).toBe(false);
    expect(await proves(await server.receipt(record, "device-2"), record, DEVICE, key)).toBe(false);
  });

  it("that somebody else wrote proves nothing", async () => {
    const { record, key } = await given();
    const stranger = await ServerHalf.create();

    expect(await proves(await stranger.receipt(record), record, DEVICE, key)).toBe(false);
    expect(
      await proves({ ...(await stranger.receipt(record)), mac: "not base64!" }, record, DEVICE, key),
    ).toBe(false);
  });
});

async function given(): Promise<{ server: ServerHalf; record: Stored; key: CryptoKey }> {
  const server = await ServerHalf.create();
  const sealed = await (await server.sealer()).seal(draft(), null);
  const record: Stored = { ...sealed, number: 1, state: "saved", savedAt: 0 };
  return { server, record, key: await importReceiptKey(server.receiptKey) };
}
