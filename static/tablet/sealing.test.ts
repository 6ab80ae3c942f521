// @vitest-environment node
import { describe, expect, it } from "vitest";

import { toBase64Url, toBytes } from "./bytes";
import { createDataKey, importDataKey } from "./keys";
import { readLocal } from "./sealing";
import { CAFE, ServerHalf, draft } from "./testing";

describe("a sealed record", () => {
  it("says at the server what was recorded", async () => {
    const server = await ServerHalf.create();
    const sealer = await server.sealer();
    const made = draft({ body: { came_for: "carer", distress_before: 7 } });

    const record = await sealer.seal(made, null);

    expect(await server.open(record)).toMatchObject({
      version: 1,
      kind: "visit",
      recordedAt: made.recordedAt,
      recordedBy: "asha",
      body: { came_for: "carer", distress_before: 7 },
    });
  });

  it("names the hash of exactly what was sealed", async () => {
    const server = await ServerHalf.create();
    const record = await (await server.sealer()).seal(draft(), null);

    const opened = toBytes(JSON.stringify(await server.open(record)));

    expect(record.hash).toBe(toBase64Url(await crypto.subtle.digest("SHA-256", opened)));
  });

  it("does not open at another café or under another id", async () => {
    const server = await ServerHalf.create();
    const record = await (await server.sealer()).seal(draft(), null);

    await expect(server.open(record, "cafe-2")).rejects.toThrow();
    await expect(server.open({ ...record, id: crypto.randomUUID() })).rejects.toThrow();
  });

  it("tells nobody by its hash that two visits were alike", async () => {
    const sealer = await (await ServerHalf.create()).sealer();
    const made = draft();

    const [first, second] = [await sealer.seal(made, null), await sealer.seal(made, null)];

    expect(first.hash).not.toBe(second.hash);
  });

  it("can be read again on an unlocked tablet", async () => {
    const dataKey = await importDataKey(createDataKey());
    const sealer = await (await ServerHalf.create()).sealer();

    const record = await sealer.seal(draft({ body: { route_in: "gp" } }), dataKey);

    expect((await readLocal(record, CAFE, dataKey))?.body).toEqual({ route_in: "gp" });
  });

  it("keeps no copy for the screen where there was no key, or staff must not read it", async () => {
    const sealer = await (await ServerHalf.create()).sealer();

    const record = await sealer.seal(draft({ kind: "answers" }), null);

    expect(record.local).toBeUndefined();
    expect(await readLocal(record, CAFE, await importDataKey(createDataKey()))).toBeNull();
  });
});
