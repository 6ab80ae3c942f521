/**
 * Who has the tablet open. The data key is in memory while it is, and nowhere else; locking forgets it at once. Six digits
 * are few, so that every try is written down before it is made, waits grow, and after ten a manager has to help.
 */
import type { Bytes } from "./bytes";
import type { DeviceStore } from "./device";
import { WrongPin, importDataKey, unwrapWithPin, wrapWithPin } from "./keys";
import type { Person } from "./schema";

export const IDLE_MS = 2 * 60_000;
/** After so many wrong PINs in a row only a manager can let this person in again. */
export const MOST_TRIES = 10;
const MINUTE = 60_000;
/** The wait after the nth wrong PIN; the first two are slips of the finger. */
const WAITS = [0, 0, 0.5, 1, 2, 5, 15, 15, 15].map((minutes) => minutes * MINUTE);

export interface Open {
  id: string;
  name: string;
  dataKey: CryptoKey;
}

export type Opening =
  | { kind: "open"; open: Open }
  | { kind: "wrong"; until: number; left: number }
  | { kind: "wait"; until: number }
  | { kind: "barred" };

type Tried = Exclude<Opening, { kind: "open" }> | { kind: "right"; person: Person; raw: Bytes };

/** Why a PIN is not taken, in words for the person; null when it is. */
export function faultOfPin(pin: string): string | null {
  if (!/^\d{6}$/.test(pin)) {
    return "Enter 6 digits";
  }
  const steps = new Set(Array.from(pin.slice(1), (digit, index) => Number(digit) - Number(pin[index])));
  const isGuessable = steps.size === 1 && [0, 1, -1].includes([...steps][0] ?? 0);
  const isRepeated = pin.slice(0, 3) === pin.slice(3) || pin.slice(0, 2).repeat(3) === pin;
  return isGuessable || isRepeated ? "Choose a PIN that is harder to guess, not a row or a repeat" : null;
}

export class Lock {
  private current: Open | null = null;
  private lastUsedAt = 0;

  constructor(
    private readonly devices: DeviceStore,
    private readonly onChange: (open: Open | null) => void,
    private readonly now: () => number = Date.now,
    /** The data key, while it is at hand: it is wiped as soon as this has resolved. */
    private readonly onKey: (raw: Bytes) => Promise<void> = async () => Promise.resolve(),
  ) {}

  get open(): Open | null {
    return this.current;
  }

  /** Try a PIN. */
  async unlock(personId: string, pin: string, device: CryptoKey): Promise<Opening> {
    const tried = await this.tryPin(personId, pin, device);
    return tried.kind === "right" ? { kind: "open", open: await this.enter(tried.person, tried.raw) } : tried;
  }

  /**
   * Give somebody else a PIN. Whoever has the tablet open says their own once more: the data key itself is in no memory
   * while it is open.
   */
  async addPerson(
    person: { id: string; name: string },
    newPin: string,
    ownPin: string,
    device: CryptoKey,
    iterations?: number,
  ): Promise<Opening> {
    const own = this.current;
    if (!own) {
      return { kind: "barred" };
    }
    const tried = await this.tryPin(own.id, ownPin, device);
    if (tried.kind !== "right") {
      return tried;
    }
    try {
      await this.wrap(person, newPin, tried.raw, device, iterations);
    } finally {
      tried.raw.fill(0);
    }
    return { kind: "open", open: own };
  }

  private async tryPin(personId: string, pin: string, device: CryptoKey): Promise<Tried> {
    const before = await this.devices.person(personId);
    if (!before || before.wrongTries >= MOST_TRIES) {
      return { kind: "barred" };
    }
    const until = this.waitOf(before);
    if (until > this.now()) {
      return { kind: "wait", until };
    }
    const person = (await this.devices.countTry(personId)) ?? before;
    // Two tabs at once: the count decides, not what was read before it.
    if (person.wrongTries > MOST_TRIES) {
      return { kind: "barred" };
    }
    try {
      const raw = await unwrapWithPin(person.wrap, pin, personId, device);
      await this.devices.forgiveTries(personId);
      return { kind: "right", person, raw };
    } catch (error) {
      if (!(error instanceof WrongPin)) {
        throw error;
      }
      const left = MOST_TRIES - person.wrongTries;
      return left > 0 ? { kind: "wrong", until: this.waitOf(person), left } : { kind: "barred" };
    }
  }

  /**
   * Give the first person of this tablet a PIN, and with it the data key that all others will share. False where another
   * window has done so meanwhile: nothing is changed then, and nobody is let in.
   */
  async setFirstPin(
    person: { id: string; name: string },
    pin: string,
    raw: Bytes,
    device: CryptoKey,
    iterations?: number,
  ): Promise<boolean> {
    const wrapped = await this.wrapped(person, pin, raw, device, iterations);
    if (!(await this.devices.keepFirst(wrapped))) {
      raw.fill(0);
      return false;
    }
    await this.enter(wrapped, raw);
    return true;
  }

  /** Give somebody a PIN. `raw` is the data key, which is wiped; it opens the tablet for them. */
  async setPin(
    person: { id: string; name: string },
    pin: string,
    raw: Bytes,
    device: CryptoKey,
    iterations?: number,
  ): Promise<void> {
    await this.enter(await this.wrap(person, pin, raw, device, iterations), raw);
  }

  /** Somebody touched the screen. */
  touch(): void {
    if (this.current) {
      this.lastUsedAt = this.now();
    }
  }

  /** Lock when nobody touched the screen for two minutes; asked by a timer, and when the tablet wakes up. */
  lockWhenIdle(): void {
    const idle = this.now() - this.lastUsedAt;
    // A clock set back must not keep the tablet open for as long as it was set back.
    if (this.current && (idle >= IDLE_MS || idle < 0)) {
      this.lock();
    }
  }

  lock(): void {
    if (this.current) {
      this.current = null;
      this.onChange(null);
    }
  }

  private async enter(person: Pick<Person, "id" | "name">, raw: Bytes): Promise<Open> {
    const dataKey = await importDataKey(raw);
    // That a share of it could not be made must not keep anybody out.
    await this.onKey(raw).catch(() => undefined);
    raw.fill(0);
    this.current = { id: person.id, name: person.name, dataKey };
    this.lastUsedAt = this.now();
    this.onChange(this.current);
    return this.current;
  }

  private async wrap(
    person: { id: string; name: string },
    pin: string,
    raw: Bytes,
    device: CryptoKey,
    iterations?: number,
  ): Promise<Person> {
    const wrapped = await this.wrapped(person, pin, raw, device, iterations);
    await this.devices.keepPerson(wrapped);
    return wrapped;
  }

  private async wrapped(
    { id, name }: { id: string; name: string },
    pin: string,
    raw: Bytes,
    device: CryptoKey,
    iterations?: number,
  ): Promise<Person> {
    const fault = faultOfPin(pin);
    if (fault) {
      throw new RangeError(fault);
    }
    const wrap = await wrapWithPin(raw, pin, id, device, iterations);
    return { id, name, wrap, wrongTries: 0, lastTriedAt: 0 };
  }

  /** Until when this person has to wait. A clock that was set back starts the wait anew. */
  private waitOf({ wrongTries, lastTriedAt }: Person): number {
    const wait = wrongTries === 0 ? 0 : (WAITS[wrongTries - 1] ?? 15 * MINUTE);
    return Math.min(lastTriedAt, this.now()) + wait;
  }
}
