// @vitest-environment node
import { type IncomingMessage, type Server, type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import type { Stored } from "./records";
import { type Message, type Send, createTransport } from "./transport";
import { ServerHalf, draft } from "./testing";

// A real server on loopback: what a proxy, a portal or a dying process answers is bytes, not a mocked function.
let server: Server;
let answer: (request: IncomingMessage, response: ServerResponse, body: string) => void;
let send: Send;

beforeEach(async () => {
  server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      answer(request, response, body);
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  send = createTransport(`http://127.0.0.1:${port}/api/v1/tablet/sync`, async () =>
    Promise.resolve("secret"),
  );
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
});

describe("what is sent", () => {
  it("carries the device's token, the manifest and what only the server can open", async () => {
    let seen: { authorization: string | undefined; body: unknown } | undefined;
    answer = (request, response, body) => {
      seen = { authorization: request.headers.authorization, body: JSON.parse(body) };
      json(response, 200, { results: [] });
    };
    const sent = await message();

    await send(sent);

    const [record] = sent.records;
    expect(seen?.authorization).toBe("Tablet secret");
    expect(seen?.body).toEqual({
      protocol: 1,
      sent_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) as string,
      app_version: "test",
      is_persistent: true,
      manifest: { last_number: 1, held: [[1, 1]], oldest_saved_at: "1970-01-01T00:00:01.000Z" },
      records: [{ id: record?.id, number: 1, hash: record?.hash, envelope: record?.envelope }],
    });
  });
});

describe("what comes back", () => {
  it("as receipts is what the server said, and the numbers it never got", async () => {
    const receipt = { id: "a", hash: "h", received_at: "2026-11-25T18:00:05+00:00", mac: "m" };
    answer = (_, response) => {
      json(response, 200, { results: [{ receipt }, { receipt, reason: "Look at this." }], missing: [4] });
    };

    const outcome = await send(await message());

    const told = { id: "a", hash: "h", receivedAt: "2026-11-25T18:00:05+00:00", mac: "m" };
    expect(outcome).toEqual({
      kind: "settled",
      settled: [
        { receipt: told, reason: undefined },
        { receipt: told, reason: "Look at this." },
      ],
      missing: [4],
    });
  });

  it.each([
    ["a portal's page", 200, "text/html", "<html>Sign in to the wifi</html>"],
    ["JSON that is not an answer", 200, "application/json", '{"ok": true}'],
    ["truncated JSON", 200, "application/json", '{"results": [{"rec'],
    ["a proxy's refusal", 400, "text/html", "Bad request"],
    ["a proxy's limit", 413, "text/html", "Too large"],
    ["a failing server", 500, "text/html", "Sorry"],
    ["a gateway without a server", 502, "text/html", ""],
    ["a page that is not there", 404, "text/html", ""],
    ["a conflict, which the server never answers", 409, "application/json", "{}"],
  ])("from %s is not delivered, and tried later", async (_, status, type, body) => {
    answer = (_, response) => {
      response.writeHead(status, { "content-type": type });
      response.end(body);
    };

    expect((await send(await message())).kind).toBe("later");
  });

  it("as nothing at all is tried later", async () => {
    answer = (request) => {
      request.socket.destroy();
    };

    expect((await send(await message())).kind).toBe("later");
  });

  it("as too many requests is tried when the server said", async () => {
    answer = (_, response) => {
      response.writeHead(429, { "retry-after": "17" });
      response.end();
    };

    expect(await send(await message())).toEqual({ kind: "later", why: "status 429", after: 17 });
  });

  it.each([
    [401, "unknown_device"],
    [403, "revoked"],
  ])("as %s pauses and keeps", async (status, why) => {
    answer = (_, response) => {
      json(response, status, {});
    };

    expect(await send(await message())).toEqual({ kind: "paused", why });
  });

  it("as a problem in the server's own shape is refused with its words", async () => {
    answer = (_, response) => {
      response.writeHead(400, { "content-type": "application/problem+json" });
      response.end(JSON.stringify({ detail: "This envelope cannot be read." }));
    };

    expect(await send(await message())).toEqual({ kind: "refused", reason: "This envelope cannot be read." });
  });

  it("by way of a redirect is not followed: the token goes to one address alone", async () => {
    let reached = 0;
    answer = (_, response) => {
      reached += 1;
      response.writeHead(307, { location: "/elsewhere" });
      response.end();
    };

    expect((await send(await message())).kind).toBe("later");
    expect(reached).toBe(1);
  });
});

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}

async function message(): Promise<Message> {
  const sealed = await (await (await ServerHalf.create()).sealer()).seal(draft(), null);
  const record: Stored = { ...sealed, number: 1, state: "saved", savedAt: 1000 };
  return {
    records: [record],
    manifest: { lastNumber: 1, held: [[1, 1]], oldestSavedAt: 1000 },
    appVersion: "test",
    isPersistent: true,
  };
}
