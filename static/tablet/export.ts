/**
 * The file that a tablet saves of what it cannot send, for whoever keeps tablets to load on its page:
 * docs/tablet-sync.md. Everything in it is sealed for the server already; whoever finds it reads nothing.
 */
import type { Device } from "./schema";
import type { Store } from "./store";

export const FORMAT = "sutg-tablet-export-1";

export interface ExportFile {
  name: string;
  text: string;
  records: number;
}

/** Every record without a receipt, as a message has it. The records stay: only a receipt takes them off the tablet. */
export async function exportOf(
  store: Store,
  device: Device,
  appVersion: string,
  now: Date,
): Promise<ExportFile> {
  const records = await store.withoutReceipt();
  const file = {
    format: FORMAT,
    device_id: device.deviceId,
    made_at: now.toISOString(),
    app_version: appVersion,
    records: records.map(({ id, number, hash, envelope }) => ({ id, number, hash, envelope })),
  };
  const day = now.toISOString().slice(0, 10);
  return { name: `tablet-${day}.json`, text: JSON.stringify(file), records: records.length };
}

/** Hand a file to the browser, which asks where it is to go or puts it with what was downloaded. */
export function saveFile(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // Not at once: the browser may only begin to read it now.
  setTimeout(() => {
    URL.revokeObjectURL(address);
  }, 60_000);
}
