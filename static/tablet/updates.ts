/**
 * New versions of the app. One installs itself only when nobody has the tablet open in any window and nothing is half
 * entered; what is half entered holds it back for half a day and no longer, because it is kept and is read by the new
 * version as well.
 */
import { INSTALL_NOW, SCOPE, WORKER } from "./names";

/** Held, shared, by every window in which somebody has the tablet open. */
export const OPEN = "sutg-tablet-open";
const HOUR = 60 * 60_000;
export const LONGEST_HELD_MS = 12 * HOUR;

/** What of the browser it needs. */
export interface Around {
  container: Pick<ServiceWorkerContainer, "register" | "controller" | "addEventListener">;
  locks: Pick<LockManager, "request">;
  reload: () => void;
  now: () => number;
  /** Something of a visit is kept that nobody has saved. */
  hasDraft: () => Promise<boolean>;
  /** Since when a new version is held back. It is kept: a reload must not begin the half day anew. */
  heldBack: HeldBack;
}

export interface HeldBack {
  /** `now` where it begins now. */
  since: (now: number) => Promise<number>;
  end: () => Promise<void>;
}

export class Updates {
  private registration: ServiceWorkerRegistration | undefined;
  private release: (() => void) | undefined;
  private isOpen = false;
  private isReloadDue = false;
  private waitingSince: number | undefined;

  constructor(private readonly around: Around) {}

  /** Register the worker, and look for a new version every hour. A browser without workers runs the app all the same. */
  async start(every: (task: () => void, milliseconds: number) => unknown = setInterval): Promise<void> {
    const { container } = this.around;
    const hadOne = container.controller !== null;
    container.addEventListener("controllerchange", () => {
      // The first worker of this tablet changes nothing that is on the screen.
      if (hadOne) {
        this.isReloadDue = true;
        this.reloadWhenLocked();
      }
    });
    this.registration = await container.register(WORKER, { scope: SCOPE, updateViaCache: "none" });
    this.registration.addEventListener("updatefound", () => {
      this.registration?.installing?.addEventListener("statechange", () => void this.install());
    });
    every(() => void this.look(), HOUR);
    await this.install();
  }

  /** Ask the server whether there is a new version. Without a connection there is none to be had. */
  async look(): Promise<void> {
    await this.registration?.update().catch(() => undefined);
    await this.install();
  }

  /** Somebody opened the tablet in this window, or it was locked. */
  async note(isOpen: boolean): Promise<void> {
    if (isOpen !== this.isOpen) {
      this.isOpen = isOpen;
      this.hold(isOpen);
    }
    if (!isOpen) {
      this.reloadWhenLocked();
      await this.install();
    }
  }

  /** Install what waits, if nothing would be disturbed by it. */
  private async install(): Promise<void> {
    const { locks } = this.around;
    if (!this.registration) {
      return;
    }
    const { waiting } = this.registration;
    if (!waiting) {
      await this.around.heldBack.end().catch(() => undefined);
      return;
    }
    if ((await this.isHeldBack()) || this.isOpen) {
      return;
    }
    await locks.request(OPEN, { ifAvailable: true }, async (lock) => {
      if (lock && !this.isOpen) {
        waiting.postMessage(INSTALL_NOW);
      }
      return Promise.resolve();
    });
  }

  private async isHeldBack(): Promise<boolean> {
    const { now, hasDraft, heldBack } = this.around;
    this.waitingSince ??= now();
    // Where the store does not say, this window's own count does.
    const since = await heldBack.since(now()).catch(() => this.waitingSince ?? now());
    return now() - since < LONGEST_HELD_MS && (await hasDraft());
  }

  private hold(isOpen: boolean): void {
    this.release?.();
    this.release = undefined;
    if (isOpen) {
      const held = new Promise<void>((release) => {
        this.release = release;
      });
      void this.around.locks.request(OPEN, { mode: "shared" }, async () => held);
    }
  }

  private reloadWhenLocked(): void {
    if (this.isReloadDue && !this.isOpen) {
      this.isReloadDue = false;
      this.around.reload();
    }
  }
}
