/** Giving people PINs: the first one on a new tablet, and others by whoever has it open. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { EnterPin, NewPin, type Somebody } from "./lock";
import { Button, Heading } from "./parts";

/** Nobody has a PIN yet: whoever works here may choose the first. `onPin` says what went wrong, null when it is set. */
export function FirstPerson(props: {
  cafeName: string;
  staff: readonly Somebody[];
  onPin: (person: Somebody, pin: string) => Promise<string | null>;
}): JSX.Element {
  const [person, setPerson] = useState<Somebody | null>(null);
  const { staff } = props;
  if (person) {
    return (
      <NewPin
        person={person}
        onPin={async (pin) => props.onPin(person, pin)}
        onBack={() => {
          setPerson(null);
        }}
      />
    );
  }
  return (
    <>
      <Heading name="first">{props.cafeName}</Heading>
      {staff.length === 0 ? (
        <p role="status">
          This tablet is set up. It waits for the list of people who work here; it tries again as soon as
          there is a connection.
        </p>
      ) : (
        <Staff question="Who are you?" staff={staff} onChoose={setPerson} />
      )}
    </>
  );
}

/** `onAdd` says what went wrong with the PIN of whoever vouches; null when the other person has theirs. */
export function AddPerson(props: {
  /** Who has no PIN here yet. */
  staff: readonly Somebody[];
  onAdd: (person: Somebody, newPin: string, ownPin: string) => Promise<string | null>;
  onBack: () => void;
}): JSX.Element {
  const [person, setPerson] = useState<Somebody | null>(null);
  const [chosen, setChosen] = useState("");
  const again = (): void => {
    setPerson(null);
    setChosen("");
  };
  if (person && chosen) {
    return (
      <EnterPin
        key="vouch"
        title={`Is this ${person.name}?`}
        hint="Enter your own PIN only when you know that they work here."
        confirm="Give them this PIN"
        back="Start again"
        onPin={async (own) => props.onAdd(person, chosen, own)}
        onBack={again}
      />
    );
  }
  if (person) {
    return (
      <NewPin
        person={person}
        onPin={async (pin) => {
          setChosen(pin);
          return Promise.resolve(null);
        }}
        onBack={again}
      />
    );
  }
  return (
    <>
      <Heading name="add">Give somebody a PIN</Heading>
      {props.staff.length === 0 ? (
        <p>
          Everyone who works here has a PIN. Your manager can add people, or let somebody choose a new PIN.
        </p>
      ) : (
        <Staff question="Who needs a PIN?" staff={props.staff} onChoose={setPerson} />
      )}
      <Button kind="secondary" onTap={props.onBack}>
        Back
      </Button>
    </>
  );
}

function Staff(props: {
  question: string;
  staff: readonly Somebody[];
  onChoose: (person: Somebody) => void;
}): JSX.Element {
  return (
    <>
      <p class="nhsuk-body-l">{props.question}</p>
      <div role="group" aria-label={props.question} class="app-answers">
        {props.staff.map((person) => (
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
  );
}
