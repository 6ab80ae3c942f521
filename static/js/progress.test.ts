import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { snapshot, warnBeforeLeaving } from "./keep";
import { percentDone, readProgress, showProgress, startProgress, waitFor, type Progress } from "./progress";

const RUNNING: Progress = { state: "running", done: 25, total: 100, message: "25 of 100 rows", next: null };

function block(): HTMLElement {
  const element = document.createElement("div");
  element.dataset["progress"] = "/status";
  const bar = document.createElement("progress");
  bar.max = 100;
  const text = document.createElement("p");
  text.dataset["progressText"] = "";
  const status = document.createElement("p");
  status.dataset["progressStatus"] = "";
  element.append(bar, text, status);
  return element;
}

function answers(...bodies: unknown[]): void {
  const left = [...bodies];
  vi.stubGlobal("fetch", () => {
    const body = left.length > 1 ? left.shift() : left[0];
    if (body instanceof Error) return Promise.reject(body);
    return Promise.resolve(new Response(typeof body === "string" ? body : JSON.stringify(body)));
  });
}

describe("readProgress", () => {
  it("reads an answer and forgives what is left out", () => {
    expect(readProgress({ state: "queued" })).toEqual({
      state: "queued",
      done: 0,
      total: 0,
      message: "",
      next: null,
    });
  });

  it.each([null, "text", 3, {}, { state: 1 }])("refuses %j", (body) => {
    expect(readProgress(body)).toBeNull();
  });

  it.each([
    "https://elsewhere.example/",
    "//elsewhere.example",
    "/\\elsewhere.example",
    "javascript:alert(1)",
  ])("does not follow %s", (next) => {
    expect(readProgress({ state: "done", next })?.next).toBeNull();
  });

  it("follows a path of this site", () => {
    expect(readProgress({ state: "done", next: "/returns/1" })?.next).toBe("/returns/1");
  });
});

describe("percentDone", () => {
  it("is unknown without a total, and 100 only when the job says so", () => {
    expect(percentDone({ ...RUNNING, total: 0 })).toBeNull();
    expect(percentDone(RUNNING)).toBe(25);
    expect(percentDone({ ...RUNNING, done: 100 })).toBe(99);
    expect(percentDone({ ...RUNNING, state: "done", total: 0 })).toBe(100);
  });
});

describe("showProgress", () => {
  it("moves the bar, writes the message and marks a failure", () => {
    const element = block();

    showProgress(element, RUNNING);
    expect(element.querySelector("progress")?.value).toBe(25);
    expect(element.querySelector("[data-progress-text]")?.textContent).toBe("25 of 100 rows");

    showProgress(element, { ...RUNNING, state: "failed" });
    expect(element.classList.contains("app-progress--failed")).toBe(true);
  });
});

describe("startProgress", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });

  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it("asks until the job is done, tells the end, and goes on", async () => {
    answers(RUNNING, { ...RUNNING, state: "done", message: "All read", next: "/returns/1" });
    const element = block();
    const follow = vi.fn();

    startProgress(element, follow);
    await vi.advanceTimersByTimeAsync(5000);

    expect(follow).toHaveBeenCalledExactlyOnceWith("/returns/1");
    expect(element.querySelector("[data-progress-status]")?.textContent).toBe("All read");
  });

  it("goes on asking after a failed answer, and shows nothing of it", async () => {
    answers(new Error("offline"), "<html>sign in</html>", { ...RUNNING, state: "done", message: "All read" });
    const element = block();

    startProgress(element, vi.fn());
    await vi.advanceTimersByTimeAsync(60000);

    expect(element.querySelector("[data-progress-text]")?.textContent).toBe("All read");
  });

  it("does not talk over a screen reader every second", async () => {
    answers(RUNNING);
    const element = block();
    const status = element.querySelector("[data-progress-status]");
    const changed = vi.fn();
    if (status) new MutationObserver(changed).observe(status, { childList: true });

    startProgress(element, vi.fn());
    await vi.advanceTimersByTimeAsync(9000);

    expect(changed.mock.calls.length).toBeLessThanOrEqual(1);
  });

  it("waits longer after each failure, up to a quarter of a minute", () => {
    expect([0, 1, 2, 10].map(waitFor)).toEqual([1000, 2000, 4000, 15000]);
  });
});

describe("warnBeforeLeaving", () => {
  function form(): { form: HTMLFormElement; input: HTMLInputElement } {
    const element = document.createElement("form");
    const input = document.createElement("input");
    input.name = "note";
    element.append(input);
    document.body.replaceChildren(element);
    return { form: element, input };
  }

  const leave = (): boolean => window.dispatchEvent(new Event("beforeunload", { cancelable: true }));

  it("warns when something was typed and not sent", () => {
    const page = form();
    warnBeforeLeaving(page.form);
    expect(leave()).toBe(true);

    page.input.value = "half a sentence";

    expect(leave()).toBe(false);
    page.form.dispatchEvent(new Event("submit"));
    expect(leave()).toBe(true);
  });

  it("compares what would be sent", () => {
    const page = form();
    const before = snapshot(page.form);
    page.input.value = "x";

    expect(snapshot(page.form)).not.toBe(before);
  });
});
