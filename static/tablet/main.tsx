/** Where the app begins: the browser's own parts, and the page that it draws into. */
import { render } from "preact";

import { Database } from "./database";
import { DeviceStore } from "./device";
import { codeIn } from "./enrolment";
import { DATABASE, SEND_LATER } from "./names";
import type { Running, Surroundings } from "./running";
import { Tablet } from "./tablet";
import { Updates } from "./updates";

/** Background Sync, which Chromium has and the compiler does not know. */
interface Syncing extends ServiceWorkerRegistration {
  sync?: { register: (tag: string) => Promise<void> };
}

const root = document.getElementById("tablet");
const database = new Database(DATABASE);
const devices = new DeviceStore(database);
const { serviceWorker, storage, locks } = navigator;

const around: Surroundings = {
  database,
  appVersion: root?.dataset["version"] ?? "unknown",
  fetcher: (...given) => fetch(...given),
  locks,
  storage,
  now: () => new Date(),
  isOnline: () => navigator.onLine,
  askForLater: () => void askForLater(),
};

async function askForLater(): Promise<void> {
  try {
    await ((await serviceWorker.ready) as Syncing).sync?.register(SEND_LATER);
  } catch {
    // Not allowed, or not there: the app sends by itself when it is opened next.
  }
}

const updates = new Updates({
  container: serviceWorker,
  locks,
  reload: () => {
    location.reload();
  },
  now: Date.now,
  hasDraft: async () => devices.hasHalfEntered().catch(() => true),
  heldBack: {
    since: async (now) => devices.heldBackSince(now),
    end: async () => devices.endHoldingBack(),
  },
});

function follow(running: Running): void {
  void updates.note(running.ground.lock.open !== null);
}

// The code works once, and has no business in the address once it was read.
const code = location.hash ? codeIn(location.hash) : "";
if (code) {
  history.replaceState(null, "", location.pathname);
}

if (root) {
  root.replaceChildren();
  render(
    <Tablet around={around} code={code} askToStay={async () => storage.persist()} onChange={follow} />,
    root,
  );
  updates.start().catch(() => {
    // Private windows and old browsers: the app runs, and its banner says that the browser may forget.
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") {
      void updates.look();
    }
  });
}
