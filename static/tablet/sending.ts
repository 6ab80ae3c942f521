/** An outbox for this tablet, as the page and the service worker have one each: the lock lets one of them send. */
import { receiptKeyOf, tokenOf } from "./device";
import { SYNC } from "./names";
import { Outbox, type Status } from "./outbox";
import { importReceiptKey } from "./receipts";
import type { Device } from "./schema";
import type { Store } from "./store";
import { createTransport } from "./transport";

export interface Sending {
  device: Device;
  store: Store;
  appVersion: string;
  fetcher: typeof fetch;
  locks: Pick<LockManager, "request">;
  storage: Pick<StorageManager, "persisted">;
  now: () => Date;
  onChange: (status: Status) => void;
  onTrouble: (error: unknown) => void;
}

export async function createOutbox(sending: Sending): Promise<Outbox> {
  const { device, store, appVersion, fetcher, locks, storage, now, onChange, onTrouble } = sending;
  return new Outbox({
    store,
    send: createTransport(SYNC, async () => tokenOf(device), fetcher),
    deviceId: device.deviceId,
    receiptKey: await receiptKeyOf(device).then(importReceiptKey),
    appVersion,
    isPersistent: async () => storage.persisted(),
    locks,
    wait,
    now: () => now().getTime(),
    random: Math.random,
    onChange,
    onTrouble,
  });
}

/** Wait, or less when somebody calls. */
async function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((done) => {
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      done();
    });
    if (signal.aborted) {
      clearTimeout(timer);
      done();
    }
  });
}
