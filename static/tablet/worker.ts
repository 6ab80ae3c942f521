/**
 * The service worker. It keeps the shell of the app, so that the tablet opens without a connection, and it sends what
 * waits when a connection comes back while nobody has the app open. It answers no request of the API from a cache.
 *
 * The server writes the list of what belongs to this build in front of it (cafes/views/tablet_app.py).
 */
import { type PrecacheEntry, cleanupOutdatedCaches, precacheAndRoute } from "workbox-precaching";

import { Database } from "./database";
import { DeviceStore } from "./device";
import { DATABASE, INSTALL_NOW, SEND_LATER } from "./names";
import { createOutbox } from "./sending";
import { Store } from "./store";

/** What of a worker's surroundings is used here; the compiler knows those of a page only. */
interface Scope extends EventTarget {
  /** Written by the server: every file of this build, with a revision where its name carries no hash. */
  shell: { version: string; files: PrecacheEntry[] };
  skipWaiting: () => Promise<void>;
}
interface Extended extends Event {
  waitUntil: (task: Promise<unknown>) => void;
}
interface Synced extends Extended {
  tag: string;
}

const scope = self as unknown as Scope;

precacheAndRoute(scope.shell.files);
cleanupOutdatedCaches();

// A new version waits until the page says that nobody has the tablet open.
scope.addEventListener("message", (event) => {
  if ((event as MessageEvent).data === INSTALL_NOW) {
    void scope.skipWaiting();
  }
});

scope.addEventListener("sync", (event) => {
  const synced = event as Synced;
  if (synced.tag === SEND_LATER) {
    synced.waitUntil(sendWhatWaits());
  }
});

/** Reject while something still waits, so that the browser asks again. */
async function sendWhatWaits(): Promise<void> {
  const database = new Database(DATABASE);
  const device = await new DeviceStore(database).device();
  if (!device) {
    return;
  }
  const outbox = await createOutbox({
    device,
    store: new Store(database),
    appVersion: scope.shell.version,
    fetcher: (...given) => fetch(...given),
    locks: navigator.locks,
    storage: navigator.storage,
    now: () => new Date(),
    onChange: () => undefined,
    onTrouble: () => undefined,
  });
  if (!(await outbox.drain())) {
    throw new Error("Something still waits to be sent.");
  }
}
