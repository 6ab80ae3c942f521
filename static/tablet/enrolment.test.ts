// @vitest-environment node
import { describe, expect, it } from "vitest";

import { toBase64Url } from "./bytes";
import { codeIn, exchangeCode } from "./enrolment";

const WHOLE = {
  device_id: "device-1",
  cafe_id: "cafe-1",
  cafe_name: "The Kettle",
  token: "token",
  server_key: "key",
  receipt_key: toBase64Url(new Uint8Array([1, 2, 3])),
};

function answering(status: number, body: string): typeof fetch {
  return async () => Promise.resolve(new Response(body, { status }));
}

describe("the code", () => {
  it("is exchanged for what the device needs", async () => {
    const sent: RequestInit[] = [];
    const fetcher: typeof fetch = async (_, request) => {
      sent.push(request ?? {});
      return Promise.resolve(Response.json(WHOLE));
    };

    const enrolled = await exchangeCode("/enrol", "the-code", fetcher);

    expect(enrolled).toEqual({
      kind: "enrolled",
      enrolment: {
        deviceId: "device-1",
        cafeId: "cafe-1",
        cafeName: "The Kettle",
        token: "token",
        serverKey: "key",
        receiptKey: new Uint8Array([1, 2, 3]),
      },
    });
    expect(sent[0]).toMatchObject({ method: "POST", body: '{"link":"the-code"}', credentials: "omit" });
  });

  it("that was used says so in the server's words", async () => {
    const enrolled = await exchangeCode("/enrol", "x", answering(422, '{"detail":"This link was used."}'));

    expect(enrolled).toEqual({ kind: "refused", reason: "This link was used." });
  });

  it.each([
    ["a proxy's page", 502, "<html>"],
    ["a portal's page", 200, "<html>Sign in to the Wi-Fi</html>"],
    ["half an answer", 200, '{"device_id":"device-1","cafe_id":""}'],
    ["an answer that was cut off", 200, '{"device_id":'],
    ["too many tries", 429, '{"detail":"Wait."}'],
    ["a refusal without a word", 422, "{}"],
  ])("is not used up by %s", async (_, status, body) => {
    expect((await exchangeCode("/enrol", "x", answering(status, body))).kind).toBe("later");
  });

  it("is kept for another try while there is no network", async () => {
    const offline: typeof fetch = async () => Promise.reject(new TypeError("offline"));

    const enrolled = await exchangeCode("/enrol", "x", offline);

    expect(enrolled).toMatchObject({ kind: "later" });
  });

  it.each([
    ["https://example.org/tablet/#abc.def", "abc.def"],
    ["#abc", "abc"],
    ["  abc ", "abc"],
  ])("is found in “%s”", (text, code) => {
    expect(codeIn(text)).toBe(code);
  });
});
