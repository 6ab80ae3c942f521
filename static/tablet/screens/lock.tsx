/** Opening the tablet: who, and their PIN. Nothing that was recorded is on these screens. */
import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";

import { NotStored } from "../database";
import { MOST_TRIES, type Opening, faultOfPin } from "../lock";
import { Button, Heading } from "./parts";

const NOT_TRIED = "The PIN could not be tried. Try again, and if it says so again restart the tablet";
// A try is written down before it is made, and so would a visit be.
const NO_ROOM =
  "This tablet has no room left, and nothing can be saved on it. Record on paper now. Remove pictures or apps from the tablet, and try again";

export interface Somebody {
  id: string;
  name: string;
}

export function ChoosePerson(props: {
  cafeName: string;
  people: readonly Somebody[];
  notice?: string | undefined;
  onChoose: (person: Somebody) => void;
}): JSX.Element {
  return (
    <>
      <Heading name="locked">{props.cafeName}</Heading>
      {props.notice && <p role="status">{props.notice}.</p>}
      {props.people.length === 0 ? (
        <p>Nobody has a PIN on this tablet yet. Ask your manager to set one up.</p>
      ) : (
        <>
          <p class="nhsuk-body-l">Who are you?</p>
          <div role="group" aria-label="Who are you?" class="app-answers">
            {props.people.map((person) => (
              <button
                key={person.id}
                type="button"
                class="app-answer"
                onClick={() => {
                  props.onChoose(person);
                }}
              >
                {person.name}
              </button>
            ))}
          </div>
        </>
      )}
    </>
  );
}

/** Six digits, shown as dots. `onPin` says what came of them; the digits are forgotten whatever it says. */
export function EnterPin(props: {
  title: string;
  hint?: string;
  label?: string;
  /** What went wrong on the screen before. */
  fault?: string | null;
  confirm?: string;
  back?: string;
  onPin: (pin: string) => Promise<string | null>;
  onBack: () => void;
  onForgotten?: () => void;
}): JSX.Element {
  const [pin, setPin] = useState("");
  const [fault, setFault] = useState<string | null>(props.fault ?? null);
  const [isTrying, setTrying] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const submit = async (): Promise<void> => {
    if (isTrying) {
      return;
    }
    if (!/^\d{6}$/.test(pin)) {
      setFault("Enter 6 digits");
      return;
    }
    setTrying(true);
    try {
      setFault(await props.onPin(pin));
    } catch (error) {
      setFault(error instanceof NotStored && error.trouble === "full" ? NO_ROOM : NOT_TRIED);
    } finally {
      setPin("");
      field.current?.focus();
      setTrying(false);
    }
  };
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <Heading name={props.title}>{props.title}</Heading>
      {props.hint && <p>{props.hint}</p>}
      <div class={`nhsuk-form-group${fault ? " nhsuk-form-group--error" : ""}`}>
        <label class="nhsuk-label nhsuk-label--m" for="pin">
          {props.label ?? "Your PIN"}
        </label>
        <div class="nhsuk-hint" id="pin-hint">
          6 digits
        </div>
        {fault && (
          <span class="nhsuk-error-message" id="pin-error" role="alert">
            <span class="nhsuk-u-visually-hidden">Error:</span> {fault}
          </span>
        )}
        <input
          ref={field}
          id="pin"
          class="nhsuk-input nhsuk-input--width-10 app-pin"
          type="password"
          inputMode="numeric"
          // A password manager would keep it on a tablet that everybody shares.
          autocomplete="one-time-code"
          maxLength={6}
          value={pin}
          aria-describedby={fault ? "pin-hint pin-error" : "pin-hint"}
          aria-invalid={fault ? true : undefined}
          onInput={(event) => {
            setPin(event.currentTarget.value.replaceAll(/\D/g, ""));
          }}
        />
      </div>
      <div class="app-actions">
        <button type="submit" class="nhsuk-button app-tap" aria-disabled={isTrying}>
          {isTrying ? "One moment…" : (props.confirm ?? "Open")}
        </button>
        <Button kind="secondary" onTap={props.onBack}>
          {props.back ?? "Not you? Choose again"}
        </Button>
      </div>
      {props.onForgotten && (
        <p>
          <button type="button" class="app-link" onClick={props.onForgotten}>
            Forgotten your PIN?
          </button>
        </p>
      )}
    </form>
  );
}

/** Choosing a PIN: twice, so that a slip of the finger locks nobody out. */
export function NewPin(props: {
  person: Somebody;
  onPin: (pin: string) => Promise<string | null>;
  onBack: () => void;
}): JSX.Element {
  const [first, setFirst] = useState<string | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  if (first === null) {
    return (
      <EnterPin
        key="first"
        fault={fault}
        confirm="Next"
        back="Back"
        title={`Choose a PIN, ${props.person.name}`}
        hint="You alone should know it. It opens this tablet, and nothing else."
        label="A PIN of your own"
        onPin={async (pin) => {
          const found = faultOfPin(pin);
          if (found === null) {
            setFirst(pin);
          }
          return Promise.resolve(found);
        }}
        onBack={props.onBack}
      />
    );
  }
  return (
    <EnterPin
      key="second"
      confirm="Set PIN"
      back="Back"
      title="Enter the same PIN again"
      label="The same PIN"
      onPin={async (pin) => {
        if (pin !== first) {
          setFault("The two were not the same. Choose a PIN again");
          setFirst(null);
          return Promise.resolve(null);
        }
        return props.onPin(pin);
      }}
      onBack={props.onBack}
    />
  );
}

/** What came of a PIN, for the person who typed it; null when the tablet is open. */
export function faultOfOpening(opening: Opening, now: number): string | null {
  switch (opening.kind) {
    case "open":
      return null;
    case "barred":
      return `This PIN was wrong ${MOST_TRIES} times. Ask your manager, and choose “Forgotten your PIN?” where you open the tablet. Nothing is lost`;
    case "wait":
      return `Wait ${inWords(opening.until - now)} before you try again`;
    case "wrong": {
      const wait = opening.until > now ? ` Wait ${inWords(opening.until - now)} before you try again.` : "";
      const left = opening.left <= 3 ? ` ${opening.left} more and only your manager can let you in.` : "";
      return `That is not your PIN.${wait}${left}`;
    }
  }
}

function inWords(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000);
  if (seconds < 60) {
    return `${seconds} ${seconds === 1 ? "second" : "seconds"}`;
  }
  const minutes = Math.ceil(seconds / 60);
  return `${minutes} ${minutes === 1 ? "minute" : "minutes"}`;
}
