/** A session while it is open: who is on duty, the visits so far, and closing it with the count at the door. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { choicesOf, wordingOf } from "../choices";
import type { Duty, SessionSeen, VisitSeen } from "../journal";
import type { Somebody } from "./lock";
import { Button, ChooseOne, Heading, Type } from "./parts";

/** Who is on duty: at least one, by name, or by initials for somebody without an account. */
export function DutyScreen(props: {
  title: string;
  people: readonly Somebody[];
  duty: Duty;
  confirm: string;
  onChange: (duty: Duty) => void;
  onNext: () => void;
  onBack: () => void;
}): JSX.Element {
  const [fault, setFault] = useState<string | null>(null);
  const { duty, people } = props;
  const toggle = (id: string): void => {
    setFault(null);
    const users = duty.users.includes(id) ? duty.users.filter((each) => each !== id) : [...duty.users, id];
    props.onChange({ ...duty, users });
  };
  return (
    <>
      <Heading name={props.title}>{props.title}</Heading>
      {fault && (
        <p class="nhsuk-error-message" role="alert">
          <span class="nhsuk-u-visually-hidden">Error:</span> {fault}
        </p>
      )}
      <div role="group" aria-label="Who is on duty?" class="app-answers app-answers--many">
        {people.map(({ id, name }) => (
          <button
            key={id}
            type="button"
            class="app-answer"
            aria-pressed={duty.users.includes(id)}
            onClick={() => {
              toggle(id);
            }}
          >
            {name}
          </button>
        ))}
      </div>
      <div class="nhsuk-form-group">
        <label class="nhsuk-label" for="initials">
          Initials of others on duty (optional)
        </label>
        <div class="nhsuk-hint" id="initials-hint">
          With a comma between them, for example AB, CD
        </div>
        <input
          id="initials"
          class="nhsuk-input nhsuk-input--width-20"
          autocomplete="off"
          aria-describedby="initials-hint"
          value={duty.initials.join(", ")}
          onChange={(event) => {
            setFault(null);
            props.onChange({ ...duty, initials: initialsOf(event.currentTarget.value) });
          }}
        />
      </div>
      <div class="app-actions">
        <Button
          onTap={() => {
            if (duty.users.length + duty.initials.length === 0) {
              setFault("Choose who is on duty");
            } else {
              props.onNext();
            }
          }}
        >
          {props.confirm}
        </Button>
        <Button kind="secondary" onTap={props.onBack}>
          Back
        </Button>
      </div>
    </>
  );
}

export function initialsOf(typed: string): string[] {
  return [...new Set(typed.split(",").map((each) => each.trim().toUpperCase()))].filter(Boolean);
}

/** More than an evening has. Whoever comes back to a longer list waits for every row of it. */
export const MOST_SHOWN = 60;

export function SessionScreen(props: {
  session: SessionSeen;
  names: ReadonlyMap<string, string>;
  onRecord: () => void;
  onVisit: (visit: VisitSeen) => void;
  onDuty: () => void;
  onClose: () => void;
}): JSX.Element {
  const { session } = props;
  const [isWhole, setWhole] = useState(false);
  const earlier = isWhole ? 0 : Math.max(0, session.visits.length - MOST_SHOWN);
  const onDuty = [
    ...session.duty.users.map((id) => props.names.get(id) ?? "Somebody who has left"),
    ...session.duty.initials,
  ];
  const standing = session.visits.filter(({ isWithdrawn }) => !isWithdrawn);
  return (
    <>
      <Heading name="session">Today’s session</Heading>
      <p>
        On duty: {onDuty.join(", ") || "nobody yet"}{" "}
        <button type="button" class="app-link" onClick={props.onDuty}>
          Change<span class="nhsuk-u-visually-hidden"> who is on duty</span>
        </button>
      </p>
      <Button onTap={props.onRecord}>Record a visit</Button>
      <h2 class="nhsuk-heading-m">
        {standing.length === 1 ? "1 visit so far" : `${standing.length} visits so far`}
      </h2>
      {session.unseen > 0 && (
        <p>
          {session.unseen === 1 ? "1 record" : `${session.unseen} records`} of this session cannot be shown
          here. They are sent all the same.
        </p>
      )}
      {earlier > 0 && (
        <p>
          <button
            type="button"
            class="app-link"
            onClick={() => {
              setWhole(true);
            }}
          >
            Show the {earlier} earlier {earlier === 1 ? "visit" : "visits"}
          </button>
        </p>
      )}
      <ul class="app-visits">
        {session.visits.slice(earlier).map((visit) => (
          <li key={visit.id}>
            <button
              type="button"
              class="app-answer"
              disabled={visit.isWithdrawn}
              onClick={() => {
                props.onVisit(visit);
              }}
            >
              <strong>{visit.body.arrived_at ?? "Time not recorded"}</strong> {reasonsOf(visit)}
              <span class={`app-state app-state--${visit.state}`}>{stateOf(visit)}</span>
            </button>
          </li>
        ))}
      </ul>
      <Button kind="secondary" onTap={props.onClose}>
        Close the session
      </Button>
    </>
  );
}

function reasonsOf({ body }: VisitSeen): string {
  return (body.reasons ?? []).map((code) => wordingOf("reasons", code)).join(", ") || "No reasons recorded";
}

/** The true state of a visit, in the words that the whole app uses. */
export function stateOf({ isWithdrawn, state }: Pick<VisitSeen, "isWithdrawn" | "state">): string {
  if (isWithdrawn) {
    return "Withdrawn";
  }
  return { saved: "Saved on this tablet", sent: "Sent", attention: "Needs attention" }[state];
}

const MISCOUNTED = "miscounted";
const FEWER =
  " So the count was wrong, or a visit is: go back and say of a visit that nobody made that it should not count.";

/** Closing: the count at the door, and where it differs from the records, why. */
export function CloseScreen(props: {
  recorded: number;
  onClose: (tally: number, reason: string) => void;
  onBack: () => void;
}): JSX.Element {
  const [typed, setTyped] = useState("");
  const [asksWhy, setAsksWhy] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  const tally = Number(typed.trim());
  const records = props.recorded === 1 ? "1 visit is recorded" : `${props.recorded} visits are recorded`;
  if (asksWhy) {
    const isFewer = tally < props.recorded;
    return (
      <>
        <ChooseOne
          question="Why do the two differ?"
          hint={`You counted ${tally} at the door, and ${records}.${isFewer ? FEWER : ""}`}
          choices={choicesOf("tally_reason").filter(({ code }) => !isFewer || code === MISCOUNTED)}
          onChoose={(code) => {
            props.onClose(tally, code);
          }}
        />
        <Button
          kind="secondary"
          onTap={() => {
            setAsksWhy(false);
            setFault(null);
          }}
        >
          Count again
        </Button>
      </>
    );
  }
  return (
    <>
      <Type
        key="tally"
        question="Close the session"
        label="How many people came through the door?"
        hint={`${records}.`}
        value={typed}
        fault={fault}
        isNumber
        onInput={(value) => {
          setFault(null);
          setTyped(value);
        }}
        onNext={() => {
          if (!/^\d{1,4}$/.test(typed.trim())) {
            setFault("Enter the number of people as a whole number");
          } else if (tally === props.recorded) {
            props.onClose(tally, "");
          } else {
            setAsksWhy(true);
          }
        }}
      />
      <Button kind="secondary" onTap={props.onBack}>
        Back to the session
      </Button>
    </>
  );
}
