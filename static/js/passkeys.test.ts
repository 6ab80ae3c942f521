import { beforeEach, describe, expect, it, vi } from "vitest";

import { type Keys, browserKeys, startPasskeys } from "./passkeys";

let sent: string[];

beforeEach(() => {
  sent = [];
  document.body.replaceChildren();
  vi.spyOn(HTMLFormElement.prototype, "submit").mockImplementation(function (this: HTMLFormElement) {
    sent.push(this.querySelector("input")?.value ?? "");
  });
});

function block(attributes: Record<string, string>): HTMLElement {
  const element = document.createElement("div");
  Object.assign(element.dataset, attributes);
  element.hidden = true;
  const form = document.createElement("form");
  const field = document.createElement("input");
  field.type = "hidden";
  field.name = "credential";
  const problem = document.createElement("p");
  problem.setAttribute("role", "alert");
  problem.hidden = true;
  form.append(field, problem);
  element.append(form);
  document.body.append(element);
  return element;
}

async function press(element: HTMLElement): Promise<void> {
  element.querySelector("form")?.dispatchEvent(new SubmitEvent("submit", { cancelable: true }));
  await new Promise((done) => setTimeout(done));
}

const OPTIONS = JSON.stringify({ publicKey: { challenge: "abc" } });

function keys(changes: Partial<Keys> = {}): Keys {
  return {
    create: (options) => Promise.resolve({ made: options }),
    get: (options) => Promise.resolve({ used: options }),
    ...changes,
  };
}

describe("a passkey", () => {
  it("is asked for with the page's options, and its answer is sent", async () => {
    const element = block({ passkey: OPTIONS, passkeyUse: "get" });
    startPasskeys(document, keys());

    await press(element);

    expect(element.hidden).toBe(false);
    expect(sent).toEqual([JSON.stringify({ used: { challenge: "abc" } })]);
  });

  it("is made where one is to be added", async () => {
    const element = block({ passkey: OPTIONS, passkeyUse: "create" });
    startPasskeys(document, keys());

    await press(element);

    const authenticatorSelection = {
      residentKey: "required",
      requireResidentKey: true,
      userVerification: "required",
    };
    expect(sent.map((text) => JSON.parse(text) as unknown)).toEqual([
      { made: { challenge: "abc", authenticatorSelection } },
    ]);
  });

  it("is asked for with fresh options where nobody is known yet", async () => {
    vi.stubGlobal("fetch", () => Promise.resolve(new Response(`{"request_options": ${OPTIONS}}`)));
    const element = block({ passkeyFrom: "/login", passkeyUse: "get" });
    startPasskeys(document, keys());

    await press(element);

    expect(sent).toEqual([JSON.stringify({ used: { challenge: "abc" } })]);
  });

  it.each([
    ["was cancelled", keys({ get: () => Promise.reject(new DOMException("no", "NotAllowedError")) })],
    ["did not answer", keys({ get: () => Promise.resolve(undefined) })],
  ])("that %s is said so, and nothing is sent", async (_, failing) => {
    const element = block({ passkey: OPTIONS, passkeyUse: "get" });
    startPasskeys(document, failing);

    await press(element);

    expect(sent).toEqual([]);
    expect(element.querySelector("[role=alert]")?.textContent).toContain("choose another way");
  });

  it("is not offered by a browser without them, which is told another way", () => {
    const element = block({ passkey: OPTIONS, passkeyUse: "get" });
    const note = document.createElement("p");
    note.dataset["passkeyAbsent"] = "";
    document.body.append(note);

    startPasskeys(document, browserKeys());

    expect(element.hidden).toBe(true);
    expect(note.hidden).toBe(false);
  });
});
