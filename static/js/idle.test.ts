import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { handedOver, outcome, readEnded, readLeft, startIdleWarning, timeInWords, Typing } from "./idle";

const PAGE = `
  <header class="nhsuk-header__account">Meena Solanki</header>
  <main>
    <form method="post" action="/cafes/new/"><input name="name" value="" /><input name="picture" type="file" /></form>
    <form method="post" action="/other/"><textarea name="note"></textarea></form>
  </main>
  <dialog data-idle-seconds="1800" data-idle-warning="120" data-idle-left="/session/" data-idle-end="/session/end/"
    data-idle-sign-in="/accounts/login/">
    <span data-idle-time></span><p data-idle-typed hidden></p>
    <p data-idle-status></p><p data-idle-problem></p>
    <form method="post" action="/session/stay/">
      <input type="hidden" name="csrfmiddlewaretoken" value="token" />
      <input type="hidden" name="typed_by" value="somebody:signed" />
      <button>Stay signed in</button>
    </form>
  </dialog>
  <template data-idle-ended><h1 tabindex="-1">You were signed out</h1><p data-idle-outcome></p><a data-idle-again></a></template>`;

function showPage(): void {
  document.body.replaceChildren(...new DOMParser().parseFromString(PAGE, "text/html").body.childNodes);
}

interface Call {
  address: string;
  method: string;
  headers: Record<string, string>;
  body: FormData | null;
}

let calls: Call[] = [];

/** Answers by address; an Error is a lost connection. */
function server(answers: Record<string, () => unknown>): void {
  calls = [];
  vi.stubGlobal("fetch", (address: string, request: RequestInit) => {
    const headers = request.headers as Record<string, string>;
    calls.push({
      address,
      method: request.method ?? "GET",
      headers,
      body: (request.body as FormData | null) ?? null,
    });
    const answer = answers[address]?.();
    return answer instanceof Error
      ? Promise.reject(answer)
      : Promise.resolve(new Response(JSON.stringify(answer)));
  });
}

function find(selector: string): HTMLElement {
  const element = document.querySelector<HTMLElement>(selector);
  if (!element) throw new Error(selector);
  return element;
}

const dialog = (): HTMLDialogElement => find("dialog") as HTMLDialogElement;
const input = (): HTMLInputElement => find("input[name=name]") as HTMLInputElement;
const minutes = (count: number): Promise<unknown> => vi.advanceTimersByTimeAsync(count * 60_000);

describe("the warning", () => {
  beforeEach(() => {
    vi.useFakeTimers();
    showPage();
    dialog().showModal = function (this: HTMLDialogElement) {
      this.open = true;
    };
    dialog().close = function (this: HTMLDialogElement) {
      this.open = false;
    };
    vi.stubGlobal("scrollTo", () => undefined);
    startIdleWarning(dialog(), new Typing(document.querySelectorAll<HTMLFormElement>("main form")));
  });

  afterEach(() => {
    vi.clearAllTimers();
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it("asks nothing until two minutes before the end, and then says so and takes the focus", async () => {
    server({ "/session/": () => ({ left: 119 }) });

    await minutes(27.9);
    expect(calls).toEqual([]);
    await minutes(0.2);

    expect(calls[0]?.headers).toMatchObject({ "X-Background": "1", "X-Typed-By": "somebody:signed" });
    expect(dialog().open).toBe(true);
    expect(document.activeElement?.textContent).toBe("Stay signed in");
    expect(find("[data-idle-typed]").hidden).toBe(true);
  });

  it("stays silent while another tab is at work, and closes when one has put off the end", async () => {
    let left = 1800;
    server({ "/session/": () => ({ left }) });
    await minutes(28.1);
    expect(dialog().open).toBe(false);

    left = 100;
    await minutes(28.1);
    expect(dialog().open).toBe(true);
    left = 1800;
    await minutes(0.3);

    expect(dialog().open).toBe(false);
  });

  it("stays signed in by its button, with what was typed still there", async () => {
    server({ "/session/": () => ({ left: 119 }), "/session/stay/": () => ({ left: 1800 }) });
    input().value = "The Lantern";
    await minutes(28.1);

    find("dialog form").dispatchEvent(new Event("submit", { cancelable: true }));
    await minutes(0.1);

    expect(dialog().open).toBe(false);
    expect(input().value).toBe("The Lantern");
    expect(calls.at(-1)?.headers["X-CSRFToken"]).toBe("token");
  });

  it("stays open and says so when the service cannot be reached", async () => {
    server({ "/session/": () => ({ left: 119 }), "/session/stay/": () => new Error("offline") });
    await minutes(28.1);

    dialog().dispatchEvent(new Event("cancel", { cancelable: true }));
    await minutes(0.1);

    expect(dialog().open).toBe(true);
    expect(find("[data-idle-problem]").textContent).toContain("could not reach");
  });

  it("hands over what was typed when the time is up, clears the screen and leads back to the page", async () => {
    let left = 110;
    server({ "/session/": () => ({ left: (left -= 10) }), "/session/end/": () => ({ left: 0, kept: true }) });
    input().value = "The Lantern";

    await minutes(31);

    const sent = calls.at(-1)?.body;
    expect([sent?.get("name"), sent?.get("kept_action"), sent?.has("picture")]).toEqual([
      "The Lantern",
      "/cafes/new/",
      false,
    ]);
    expect(document.body.textContent).not.toContain("Meena Solanki");
    expect(document.querySelector("main form")).toBeNull();
    expect(find("[data-idle-outcome]").textContent).toBe(outcome(true, false));
    expect(find("[data-idle-again]").getAttribute("href")).toMatch(/^\/accounts\/login\/\?next=%2F/);
    expect(document.activeElement?.tagName).toBe("H1");
  });

  it("says nothing of what was typed when nothing was", async () => {
    server({ "/session/": () => ({ left: 0 }), "/session/end/": () => ({ left: 0, kept: true }) });

    await minutes(31);

    expect(find("[data-idle-outcome]").textContent).toBe("");
  });

  it("does not end while another tab is at work", async () => {
    server({ "/session/": () => new Error("offline"), "/session/end/": () => ({ left: 1700, kept: false }) });
    input().value = "The Lantern";

    await minutes(31);

    expect(input().value).toBe("The Lantern");
    expect(dialog().open).toBe(false);
  });

  it("clears the screen without a connection, and goes on until the server has what was typed", async () => {
    const offline = (): unknown => new Error("offline");
    let end = offline;
    server({ "/session/": offline, "/session/end/": () => end() });
    input().value = "The Lantern";

    await minutes(31);
    expect(document.querySelector("main form")).toBeNull();
    expect(find("[data-idle-outcome]").textContent).toContain("Leave this page open");
    end = () => ({ left: 0, kept: true });
    await minutes(0.2);

    expect(find("[data-idle-outcome]").textContent).toBe(outcome(true, false));
    expect(calls.at(-1)?.body?.get("name")).toBe("The Lantern");
  });
});

describe("what was typed", () => {
  beforeEach(() => {
    showPage();
  });

  it("is in the form that was typed into last", () => {
    const typing = new Typing(document.querySelectorAll<HTMLFormElement>("main form"));
    expect(typing.changed()).toBeNull();
    const note = find("textarea") as HTMLTextAreaElement;

    note.value = "half a sentence";
    input().value = "The Lantern";
    input().dispatchEvent(new Event("input", { bubbles: true }));
    expect(typing.changed()).toBe(input().form);

    note.dispatchEvent(new Event("input", { bubbles: true }));
    expect(typing.changed()).toBe(note.form);
  });

  it("is handed over with the page it stood on", () => {
    const form = input().form;
    if (!form) throw new Error("no form");

    const { body, hadFile } = handedOver(form, "/cafes/new/?for=1");

    expect(body.get("kept_page")).toBe("/cafes/new/?for=1");
    expect(hadFile).toBe(false);
  });

  it("is never said to be kept when it was not", () => {
    expect(outcome(false, true)).toContain("could not be kept");
    expect(outcome(true, true)).toContain("A file has to be chosen again");
  });
});

describe("what the server says", () => {
  it.each([null, "text", {}, { left: "1" }, { left: -1 }])("is not read from %j", (body) => {
    expect([readLeft(body), readEnded(body)]).toEqual([null, null]);
  });

  it("is in words, and counted in the last minute", () => {
    expect([120, 119, 60, 59, 1, 0].map(timeInWords)).toEqual([
      "2 minutes",
      "less than 2 minutes",
      "1 minute",
      "59 seconds",
      "1 second",
      "0 seconds",
    ]);
  });
});
