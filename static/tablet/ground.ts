/** What the screens stand on, and what changes about it by itself. */
import type { Day } from "./day";
import type { DeviceStore } from "./device";
import type { Journal } from "./journal";
import type { Lock, Open } from "./lock";
import type { Status } from "./outbox";
import type { Recovery } from "./recovery";
import type { Device } from "./schema";
import type { Somebody } from "./screens/lock";
import type { Warning } from "./screens/status";
import type { Store } from "./store";

/** What the screens stand on. */
export interface Ground {
  device: Device;
  devices: DeviceStore;
  store: Store;
  journal: Journal;
  lock: Lock;
  recovery: Pick<Recovery, "ask">;
  now: () => Date;
  appVersion: string;
  saveFile: (name: string, text: string) => void;
  /** Rounds for a new PIN; those of the product where it is left out. */
  iterations?: number;
}

/** What changes by itself while the app runs. */
export interface Weather {
  open: Open | null;
  status: Status;
  isOnline: boolean;
  warnings: readonly Warning[];
  /** What the server last said of the café; undefined until it has said anything. */
  day: Day | undefined;
}

/** Who works at the café, as the server last said. */
export function staffOf(day: Day | undefined): Somebody[] {
  return (day?.people ?? []).map(({ user_id: id, name }) => ({ id, name }));
}
