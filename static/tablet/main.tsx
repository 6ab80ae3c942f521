/** Where the app begins: the browser's own parts, and the page that it draws into. */
import { render } from "preact";

import { Database } from "./database";
import { codeIn } from "./enrolment";
import type { Surroundings } from "./running";
import { Tablet } from "./tablet";

const root = document.getElementById("tablet");

const around: Surroundings = {
  database: new Database("sutg-tablet"),
  appVersion: root?.dataset["version"] ?? "unknown",
  fetcher: (...given) => fetch(...given),
  locks: navigator.locks,
  storage: navigator.storage,
  now: () => new Date(),
  isOnline: () => navigator.onLine,
};

// The code works once, and has no business in the address once it was read.
const code = location.hash ? codeIn(location.hash) : "";
if (code) {
  history.replaceState(null, "", location.pathname);
}

if (root) {
  render(<Tablet around={around} code={code} askToStay={async () => navigator.storage.persist()} />, root);
}
