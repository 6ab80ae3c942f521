/**
 * Follows a job that takes longer than a second, by asking its address until it has ended.
 *
 * The address answers {state, done, total, message, next}. The page works without this file: a <noscript> refresh
 * shows the same numbers, drawn by the server.
 */
export interface Progress {
  state: string;
  done: number;
  total: number;
  message: string;
  next: string | null;
}

const ENDED = new Set(["done", "failed"]);
const FIRST_WAIT = 1000;
const LONGEST_WAIT = 15000;
const SECONDS_BETWEEN_ANNOUNCEMENTS = 10;

/** Reads an answer, or null when it is not one: an error page or a sign-in form must not move the bar. */
export function readProgress(body: unknown): Progress | null {
  if (typeof body !== "object" || body === null) return null;
  const { state, done, total, message, next } = body as Record<string, unknown>;
  if (typeof state !== "string") return null;
  return {
    state,
    done: typeof done === "number" ? done : 0,
    total: typeof total === "number" ? total : 0,
    message: typeof message === "string" ? message : "",
    next: typeof next === "string" && isOwnAddress(next) ? next : null,
  };
}

/** Whole percent, or null while the total is not known; never 100 before the job says that it has ended. */
export function percentDone({ state, done, total }: Progress): number | null {
  if (state === "done") return 100;
  if (total <= 0) return null;
  return Math.max(0, Math.min(99, Math.floor((100 * done) / total)));
}

/** How long to wait before asking again: longer after each failure, so that a restarting server is not hammered. */
export function waitFor(failures: number): number {
  return Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** failures);
}

export function showProgress(element: HTMLElement, progress: Progress): void {
  const bar = element.querySelector("progress");
  const text = element.querySelector("[data-progress-text]");
  const percent = percentDone(progress);
  if (bar) {
    if (percent === null) bar.removeAttribute("value");
    else bar.value = percent;
  }
  if (text) text.textContent = progress.message;
  element.classList.toggle("app-progress--failed", progress.state === "failed");
}

export function startProgress(element: HTMLElement, follow = goTo): void {
  const address = element.dataset["progress"];
  if (!address) return;
  const status = element.querySelector("[data-progress-status]");
  let failures = 0;
  let announcedAt = 0;

  const announce = (message: string, isFinal: boolean): void => {
    // A screen reader that is told every second can read nothing else.
    const now = Date.now();
    if (!status || (!isFinal && now - announcedAt < SECONDS_BETWEEN_ANNOUNCEMENTS * 1000)) return;
    announcedAt = now;
    status.textContent = message;
  };

  const ask = async (): Promise<void> => {
    const progress = await fetchProgress(address);
    if (progress === null) {
      failures += 1;
    } else {
      failures = 0;
      showProgress(element, progress);
      const hasEnded = ENDED.has(progress.state);
      announce(progress.message, hasEnded);
      if (hasEnded) {
        if (progress.next) follow(progress.next);
        return;
      }
    }
    setTimeout(() => void ask(), waitFor(failures));
  };
  void ask();
}

async function fetchProgress(address: string): Promise<Progress | null> {
  try {
    const response = await fetch(address, {
      // Nobody's doing: asking how a job goes does not keep anybody signed in.
      headers: { Accept: "application/json", "X-Background": "1" },
      cache: "no-store",
    });
    return response.ok ? readProgress(await response.json()) : null;
  } catch {
    // Offline, or an answer that is not JSON: the job goes on without us, so ask again later.
    return null;
  }
}

/** Only a path of this site: an answer may not send a person elsewhere. */
function isOwnAddress(next: string): boolean {
  return next.startsWith("/") && !next.startsWith("//") && !next.startsWith("/\\");
}

function goTo(next: string): void {
  window.location.assign(next);
}
