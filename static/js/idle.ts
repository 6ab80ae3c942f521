/**
 * Says before a session ends that nobody used, and clears the screen when it has.
 *
 * The server alone knows when that is: other tabs put it off, and what a page asks by itself does not. So this page asks
 * before it warns and when its time is up. What was typed is handed over at the end, sealed by the server for whoever
 * typed it; until then it is in the page, and never in the browser's store.
 */
import { snapshot } from "./keep";

const MINUTE = 60;
const SECONDS_BETWEEN_QUESTIONS = 10;
const TRY_AGAIN = 5000;
const HAND_OVER = "session-end";

export interface Ended {
  left: number;
  kept: boolean;
}

/** "2 minutes" until the last one, which is counted. */
export function timeInWords(seconds: number): string {
  const rounded = Math.max(0, Math.ceil(seconds));
  if (rounded >= 2 * MINUTE) return `${String(Math.ceil(rounded / MINUTE))} minutes`;
  if (rounded > MINUTE) return "less than 2 minutes";
  if (rounded === MINUTE) return "1 minute";
  return rounded === 1 ? "1 second" : `${String(rounded)} seconds`;
}

/** A number that the server gave, or null for an answer that is none of ours. */
export function readLeft(body: unknown): number | null {
  const left = typeof body === "object" && body !== null ? (body as Record<string, unknown>)["left"] : null;
  return typeof left === "number" && left >= 0 ? left : null;
}

export function readEnded(body: unknown): Ended | null {
  const left = readLeft(body);
  if (left === null) return null;
  return { left, kept: (body as Record<string, unknown>)["kept"] === true };
}

/** What the page says of what was typed, once it is known. */
export function outcome(kept: boolean, hadFile: boolean): string {
  if (!kept) return "What you typed here could not be kept. You will have to enter it again.";
  const back =
    "What you typed will be put back on the page when you sign in again. It has not been saved yet.";
  return hadFile ? `${back} A file has to be chosen again.` : back;
}

/** The forms of the page that somebody may type into, and which of them was changed last. */
export class Typing {
  private readonly initial = new Map<HTMLFormElement, string>();
  private last: HTMLFormElement | null = null;

  constructor(forms: Iterable<HTMLFormElement>) {
    for (const form of forms) {
      this.initial.set(form, snapshot(form));
      form.addEventListener("input", () => {
        this.last = form;
      });
    }
  }

  /** The form that holds what was not sent: the one typed into last, when there are several; null when none does. */
  changed(): HTMLFormElement | null {
    const changed = [...this.initial]
      .filter(([form, before]) => snapshot(form) !== before)
      .map(([form]) => form);
    return changed.find((form) => form === this.last) ?? changed.at(-1) ?? null;
  }
}

/** What is handed over of a form: its answers but not its files, and where it stood and would have gone. */
export function handedOver(form: HTMLFormElement, page: string): { body: FormData; hadFile: boolean } {
  const body = new FormData();
  let hadFile = false;
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string") body.append(name, value);
    else hadFile ||= value.name !== "";
  }
  body.set("kept_page", page);
  body.set("kept_action", new URL(form.getAttribute("action") ?? "", window.location.href).pathname);
  return { body, hadFile };
}

export function startIdleWarning(dialog: HTMLDialogElement, typing: Typing): void {
  new IdleWarning(dialog, typing).start();
}

class IdleWarning {
  private readonly form: HTMLFormElement;
  private readonly warning: number;
  private endsAt: number;
  private askAt = 0;
  private isOver = false;
  private isAsking = false;
  private announced = "";
  private focused: Element | null = null;

  constructor(
    private readonly dialog: HTMLDialogElement,
    private readonly typing: Typing,
  ) {
    const form = dialog.querySelector("form");
    if (!form) throw new Error("the warning has no form");
    this.form = form;
    this.warning = Number(dialog.dataset["idleWarning"]);
    this.endsAt = Date.now() + Number(dialog.dataset["idleSeconds"]) * 1000;
  }

  start(): void {
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.stay();
    });
    // Escape closes a dialog: whoever presses it is there.
    this.dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      void this.stay();
    });
    // A laptop that slept, and a page that the Back button revived, have missed their timers.
    for (const name of ["pageshow", "focus"]) window.addEventListener(name, () => void this.look());
    document.addEventListener("visibilitychange", () => void this.look());
    setInterval(() => void this.look(), 1000);
  }

  private get left(): number {
    return (this.endsAt - Date.now()) / 1000;
  }

  /** Every second, and whenever the page is seen again: is there something to say or to do? */
  private async look(): Promise<void> {
    if (this.isOver || this.isAsking || this.left > this.warning) return;
    this.isAsking = true;
    try {
      if (this.left <= 0) await this.end();
      else if (Date.now() >= this.askAt) await this.ask();
    } finally {
      this.isAsking = false;
    }
    this.show();
  }

  private async ask(): Promise<void> {
    this.askAt = Date.now() + SECONDS_BETWEEN_QUESTIONS * 1000;
    const left = readLeft(await this.fetched(this.dialog.dataset["idleLeft"], { headers: this.headers() }));
    if (left === null) return;
    this.endsAt = Date.now() + left * 1000;
    if (left === 0) await this.end();
  }

  private show(): void {
    if (this.isOver) return;
    if (this.left > this.warning) {
      this.close();
      return;
    }
    const words = timeInWords(this.left);
    setText(this.dialog, "[data-idle-time]", words);
    const typed = this.dialog.querySelector<HTMLElement>("[data-idle-typed]");
    if (typed) typed.hidden = this.typing.changed() === null;
    if (!this.dialog.open) {
      this.focused = document.activeElement;
      this.announced = words;
      this.dialog.showModal();
      this.dialog.querySelector("button")?.focus();
    } else if (
      words !== this.announced &&
      (!words.endsWith("seconds") || this.left <= SECONDS_BETWEEN_QUESTIONS * 2)
    ) {
      this.announce(words);
    }
  }

  /** A screen reader that is told every second can read nothing else: minutes, and the last seconds once. */
  private announce(words: string): void {
    if (this.announced.endsWith("seconds") && words.endsWith("seconds")) return;
    this.announced = words;
    setText(this.dialog, "[data-idle-status]", `You will be signed out in ${words}.`);
  }

  private close(): void {
    setText(this.dialog, "[data-idle-problem]", "");
    setText(this.dialog, "[data-idle-status]", "");
    if (!this.dialog.open) return;
    this.dialog.close();
    if (this.focused instanceof HTMLElement) this.focused.focus();
  }

  private async stay(): Promise<void> {
    const answer = await this.fetched(this.form.getAttribute("action"), this.sent(new FormData(this.form)));
    const left = readLeft(answer);
    if (left === null) {
      setText(
        this.dialog,
        "[data-idle-problem]",
        "We could not reach the service. Check the connection and try again.",
      );
      return;
    }
    this.endsAt = Date.now() + left * 1000;
    this.askAt = 0;
    if (left === 0) await this.end();
    else this.close();
  }

  /** Hand over what was typed, then clear the screen; or go on, when somebody was at work in another tab. */
  private async end(): Promise<void> {
    const changed = this.typing.changed();
    const page = window.location.pathname + window.location.search;
    const { body, hadFile } = handedOver(changed ?? this.form, page);
    let answer = await this.handOver(body);
    if (answer && answer.left > 0) {
      this.endsAt = Date.now() + answer.left * 1000;
      this.askAt = 0;
      return;
    }
    const say = this.clear(page);
    if (!changed) return;
    body.set("kept_anyway", "1");
    while (!answer) {
      // What was typed is in this page alone until the server has it: tell, and go on trying.
      say("The service cannot be reached. Leave this page open: we go on trying to keep what you typed.");
      await new Promise((resolve) => setTimeout(resolve, TRY_AGAIN));
      answer = await this.handOver(body);
    }
    say(outcome(answer.kept, hadFile));
  }

  /** One tab after the other: each keeps its form in the session that the last one began. */
  private async handOver(body: FormData): Promise<Ended | null> {
    const send = async () => readEnded(await this.fetched(this.dialog.dataset["idleEnd"], this.sent(body)));
    return "locks" in navigator ? navigator.locks.request(HAND_OVER, send) : send();
  }

  private clear(page: string): (text: string) => void {
    this.isOver = true;
    this.close();
    const ended = document.querySelector<HTMLTemplateElement>("[data-idle-ended]");
    const main = document.querySelector("main");
    if (!ended || !main) {
      window.location.reload();
      return () => undefined;
    }
    main.replaceChildren(ended.content.cloneNode(true));
    this.dialog.remove();
    // Whose page it was, and what else stood on it, is nothing for whoever sits down here next.
    for (const shown of document.querySelectorAll(SHOWS_SOMETHING)) shown.remove();
    document.title = "You were signed out – Step Up to Great";
    const signIn = this.dialog.dataset["idleSignIn"] ?? "/";
    main
      .querySelector("[data-idle-again]")
      ?.setAttribute("href", `${signIn}?${new URLSearchParams({ next: page }).toString()}`);
    main.querySelector<HTMLElement>("h1")?.focus();
    window.scrollTo(0, 0);
    return (text) => {
      setText(main, "[data-idle-outcome]", text);
    };
  }

  private headers(): Record<string, string> {
    const mark = this.form.querySelector<HTMLInputElement>("input[name=typed_by]")?.value;
    return { Accept: "application/json", "X-Background": "1", ...(mark ? { "X-Typed-By": mark } : {}) };
  }

  private sent(body: FormData): RequestInit {
    const token = this.form.querySelector<HTMLInputElement>("input[name=csrfmiddlewaretoken]")?.value ?? "";
    return { method: "POST", body, headers: { Accept: "application/json", "X-CSRFToken": token } };
  }

  private async fetched(address: string | null | undefined, request: RequestInit): Promise<unknown> {
    try {
      const response = await fetch(address ?? "", { ...request, cache: "no-store", redirect: "error" });
      // A refusal is an answer: what was handed over will not be taken by trying again.
      if (response.status === 403) return { left: 0, kept: false };
      return response.ok ? ((await response.json()) as unknown) : null;
    } catch {
      return null;
    }
  }
}

const SHOWS_SOMETHING = [
  ".nhsuk-header__account",
  ".nhsuk-header__navigation",
  ".nhsuk-breadcrumb",
  "nav[aria-label=Back]",
].join(", ");

function setText(within: ParentNode, selector: string, text: string): void {
  const element = within.querySelector(selector);
  if (element && element.textContent !== text) element.textContent = text;
}
