/** What is always in sight: whether anything is only on this tablet, and whether it can lose it. */
import type { JSX } from "preact";

import type { Trouble } from "../database";
import type { Status } from "../outbox";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** One line on every screen. A queue is no failure, and does not look like one. */
export function StatusStrip(props: {
  status: Status;
  isOnline: boolean;
  now: number;
  onAttention: () => void;
}): JSX.Element {
  const { status, now } = props;
  const connection = connectionOf(props.isOnline, status);
  const isReached = connection === "Online";
  return (
    <div class="app-status" role="status">
      <span class={isReached ? "app-status__line" : "app-status__line app-status__line--offline"}>
        {connection}
      </span>
      <span>{count(status.saved, "saved on this tablet, not sent yet")}</span>
      <span>{count(status.sent, "sent")}</span>
      <span>{lastSent(status.lastSentAt, now)}</span>
      {status.attention + status.quarantined === 0 ? (
        <span>Nothing needs attention</span>
      ) : (
        <button type="button" class="app-link app-status__attention" onClick={props.onAttention}>
          {count(status.attention + status.quarantined, "needing attention")}
        </button>
      )}
    </div>
  );
}

/** A tablet in a café's own network may be online, and the server out of reach all the same. */
function connectionOf(isOnline: boolean, { standing }: Status): string {
  if (!isOnline) {
    return "Offline";
  }
  return standing.kind === "waiting" ? "The server does not answer" : "Online";
}

function count(number: number, what: string): string {
  return `${number} ${what}`;
}

/** How long ago something reached the server, as a person says it. */
export function lastSent(at: number | null, now: number): string {
  if (at === null) {
    return "Nothing sent yet";
  }
  const ago = now - at;
  if (ago < MINUTE) {
    return "Last sent just now";
  }
  if (ago < HOUR) {
    const minutes = Math.floor(ago / MINUTE);
    return `Last sent ${minutes} ${minutes === 1 ? "minute" : "minutes"} ago`;
  }
  if (ago < 24 * HOUR) {
    const hours = Math.floor(ago / HOUR);
    return `Last sent ${hours} ${hours === 1 ? "hour" : "hours"} ago`;
  }
  const days = Math.floor(ago / (24 * HOUR));
  return `Last sent ${days} ${days === 1 ? "day" : "days"} ago`;
}

/** What a person must know before they walk away, and what to do about it. */
export interface Warning {
  title: string;
  action: string;
}

const NOT_STORED: Record<Trouble, Warning> = {
  full: {
    title: "Not saved: this tablet has no room left",
    action: "Write the visit on paper now. Then remove pictures or apps from the tablet, and enter it again.",
  },
  closed: {
    title: "Not saved: the tablet’s storage did not answer",
    action: "Try once more. If it says so again, write the visit on paper and restart the tablet.",
  },
  lost: {
    title: "Not saved: the tablet did not keep what was written",
    action: "Write the visit on paper now, and tell your manager that this tablet must not be used.",
  },
  newer: {
    title: "Not saved: the app was updated in another window",
    action: "Close the other windows, reload this one, and enter the visit again.",
  },
};

export function notStored(trouble: Trouble): Warning {
  return NOT_STORED[trouble];
}

/** The store does not answer, and what it holds cannot be shown: that is not the same as holding nothing. */
export function notRead(): Warning {
  return {
    title: "The tablet’s storage does not answer",
    action:
      "Record on paper now. Lock the tablet and open it again; if it says so again, restart the tablet.",
  };
}

/** What is wrong with how this tablet keeps things; nothing of it stops anybody from recording. */
export function standingWarnings(told: {
  isPersistent: boolean;
  freeBytes: number | null;
  standing: Status["standing"];
  missing: readonly number[];
}): Warning[] {
  const warnings: Warning[] = [];
  if (!told.isPersistent) {
    warnings.push({
      title: "This browser may throw away what is saved here",
      action:
        "Install the app on the home screen, and do not use a private window. Go on recording meanwhile.",
    });
  }
  if (told.freeBytes !== null && told.freeBytes < LOW_SPACE) {
    warnings.push({
      title: "This tablet is nearly full",
      action: "Remove pictures or apps that are not needed. Go on recording meanwhile.",
    });
  }
  if (told.standing.kind === "paused") {
    warnings.push({
      title: "This tablet cannot send: it has to be enrolled again",
      action: "Ask your manager. Nothing is lost, and you can go on recording.",
    });
  }
  if (told.missing.length > 0) {
    warnings.push({
      title: `${told.missing.length === 1 ? "A record" : `${told.missing.length} records`} of this tablet went missing`,
      action: `Tell your manager that the server never got number ${told.missing.join(", ")}.`,
    });
  }
  return warnings;
}

/** Below this much room, old photographs decide whether a visit can be saved. */
export const LOW_SPACE = 50 * 1024 * 1024;

/** `isUrgent`: something just typed is not saved; it is read out at once. */
export function Warnings({
  warnings,
  isUrgent,
}: {
  warnings: readonly Warning[];
  isUrgent?: boolean;
}): JSX.Element | null {
  return warnings.length === 0 ? null : (
    <section aria-label="Warnings">
      {warnings.map(({ title, action }) => (
        <div
          key={title}
          class={isUrgent ? "app-warning app-warning--urgent" : "app-warning"}
          role={isUrgent ? "alert" : undefined}
        >
          <p>
            <strong>{title}</strong>
          </p>
          <p>{action}</p>
        </div>
      ))}
    </section>
  );
}
