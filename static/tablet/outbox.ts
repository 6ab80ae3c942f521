/**
 * Brings saved records to the server: in order, one tab at a time, for as long as it takes. It neither draws nor
 * fetches nor opens a database; it says what changed by one callback.
 */
import { proves } from "./receipts";
import type { Stored } from "./records";
import type { Counts, Store } from "./store";
import type { Outcome, Send, Settled } from "./transport";

export type Standing =
  | { kind: "idle" }
  | { kind: "sending" }
  | { kind: "waiting"; until: number; why: string }
  | { kind: "paused"; why: "unknown_device" | "revoked" };

/** What the strip at the top of every screen says. */
export interface Status extends Counts {
  standing: Standing;
  lastSentAt: number | null;
  /** Numbers that the server says it never got and this tablet no longer has. */
  missing: readonly number[];
}

export interface Surroundings {
  store: Store;
  send: Send;
  deviceId: string;
  receiptKey: CryptoKey;
  appVersion: string;
  isPersistent: () => Promise<boolean>;
  locks: Pick<LockManager, "request">;
  wait: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  now: () => number;
  random: () => number;
  onChange: (status: Status) => void;
  /** The store cannot be reached: the screen has to say so, and the outbox goes on trying. */
  onTrouble: (error: unknown) => void;
}

export const LARGEST_BATCH = 100;
/** Even with nothing to send, the server hears from the tablet, so that a silent one is noticed. */
export const INTERVAL_MS = 5 * 60_000;
const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 5 * 60_000;
const LOCK = "sutg-tablet-outbox";

export class Outbox {
  private standing: Standing = { kind: "idle" };
  private missing: readonly number[] = [];
  private failures = 0;
  private batch = LARGEST_BATCH;
  private notBefore = 0;
  private nudged = new AbortController();

  constructor(private readonly around: Surroundings) {}

  /** Send until `stop` is aborted. Another tab that does so already is waited for: there is one writer. */
  async run(stop: AbortSignal): Promise<void> {
    const stopped = (): void => {
      this.nudge();
    };
    stop.addEventListener("abort", stopped);
    try {
      await this.around.locks.request(LOCK, { signal: stop }, async () => {
        while (!stop.aborted) {
          await this.round(stop);
        }
      });
    } catch (error) {
      if (!stop.aborted) {
        throw error;
      }
    } finally {
      stop.removeEventListener("abort", stopped);
    }
  }

  /**
   * Send what waits now and be done, as the worker does when nobody has the app open. True when nothing waits any more, or
   * when a tab that is open sends; false when the server has to be asked again later.
   */
  async drain(): Promise<boolean> {
    const { locks, store } = this.around;
    return locks.request(LOCK, { ifAvailable: true }, async (lock) => {
      while (lock && (await store.waiting(1)).length > 0) {
        if ((await this.sendOnce()) > 0) {
          return (await store.waiting(1)).length === 0;
        }
      }
      return true;
    });
  }

  /** Try now: a record was saved, the network came back, or somebody asked. */
  nudge(): void {
    this.nudged.abort();
  }

  /** Another window sends for all, and says how it stands. */
  overhear(standing: Standing, missing: readonly number[]): void {
    this.standing = standing;
    this.missing = missing;
  }

  async status(): Promise<Status> {
    const { store } = this.around;
    const [counts, lastSentAt] = await Promise.all([store.counts(), store.lastSentAt()]);
    return { ...counts, lastSentAt, standing: this.standing, missing: this.missing };
  }

  private async round(stop: AbortSignal): Promise<void> {
    const { wait, now, onTrouble } = this.around;
    let milliseconds: number;
    try {
      milliseconds = await this.sendOnce();
    } catch (error) {
      onTrouble(error);
      milliseconds = this.nextWait();
    }
    if (milliseconds > 0) {
      await wait(milliseconds, this.nudged.signal);
    }
    // What the server asked for is kept to, however often somebody saves meanwhile.
    if (this.notBefore > now()) {
      await wait(this.notBefore - now(), stop);
    }
  }

  /** One message; how long to wait before the next, in milliseconds. */
  async sendOnce(): Promise<number> {
    const { store, send, appVersion, isPersistent } = this.around;
    this.nudged = new AbortController();
    const records = await store.waiting(this.batch);
    await this.say({ kind: "sending" });
    const manifest = await store.manifest();
    const outcome = await send({ records, manifest, appVersion, isPersistent: await isPersistent() });
    return this.conclude(outcome, records);
  }

  private async conclude(outcome: Outcome, records: readonly Stored[]): Promise<number> {
    switch (outcome.kind) {
      case "settled":
        return this.settle(outcome.settled, outcome.missing, records);
      case "paused":
        await this.say(outcome);
        return INTERVAL_MS;
      case "refused":
        return this.shrink(outcome.reason, records);
      case "later":
        return this.backOff(outcome.why, outcome.after);
    }
  }

  private async settle(settled: Settled[], missing: number[], records: readonly Stored[]): Promise<number> {
    const { store, receiptKey, deviceId } = this.around;
    const proved: Settled[] = [];
    for (const one of settled) {
      const record = records.find(({ id, hash }) => id === one.receipt.id && hash === one.receipt.hash);
      if (record && (await proves(one.receipt, record, deviceId, receiptKey))) {
        proved.push(one);
      }
    }
    if (records.length > 0 && proved.length === 0) {
      return this.backOff("no receipt could be proved");
    }
    if (proved.length > 0) {
      await store.settle(proved);
    }
    this.failures = 0;
    this.batch = Math.min(LARGEST_BATCH, this.batch * 2);
    this.missing = missing;
    await this.say({ kind: "idle" });
    return (await store.waiting(1)).length > 0 ? 0 : INTERVAL_MS;
  }

  /** One record that cannot be read must not stop the others: halve, until it stands alone and is set aside. */
  private async shrink(reason: string, records: readonly Stored[]): Promise<number> {
    const [only] = records;
    if (records.length !== 1 || !only) {
      this.batch = Math.max(1, Math.floor(records.length / 2));
      return records.length > 1 ? 0 : this.backOff(reason || "refused");
    }
    await this.around.store.needAttention(
      only.id,
      only.hash,
      reason || "The server could not read this record.",
    );
    await this.say({ kind: "idle" });
    return 0;
  }

  private async backOff(why: string, after = 0): Promise<number> {
    const { now } = this.around;
    this.notBefore = now() + after * 1000;
    const wait = Math.max(this.nextWait(), after * 1000);
    await this.say({ kind: "waiting", until: now() + wait, why });
    return wait;
  }

  private nextWait(): number {
    const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.failures);
    this.failures += 1;
    // Full jitter: a building's tablets come back together, and must not all knock at once.
    return Math.ceil(this.around.random() * longest);
  }

  private async say(standing: Standing): Promise<void> {
    this.standing = standing;
    this.around.onChange(await this.status());
  }
}
