/** A forgotten PIN: what to ask whom, and the new one once it was allowed. */
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

import type { Bytes } from "../bytes";
import type { Recovering } from "../recovery";
import { NewPin, type Somebody } from "./lock";
import { Button, Heading } from "./parts";

type Allowed = Extract<Recovering, { kind: "allowed" }>;

/** `onPin` says what went wrong, null when the tablet is open. */
export function ForgottenPin(props: {
  ask: () => Promise<Recovering>;
  onPin: (person: Somebody, pin: string, raw: Bytes) => Promise<string | null>;
  onBack: () => void;
}): JSX.Element {
  const [allowed, setAllowed] = useState<Allowed | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const [isAsking, setAsking] = useState(false);
  const key = useRef<Bytes | null>(null);
  useEffect(
    () => () => {
      key.current?.fill(0);
    },
    [],
  );
  const ask = async (): Promise<void> => {
    setAsking(true);
    setFault(null);
    const recovering = await props.ask();
    setAsking(false);
    if (recovering.kind === "allowed") {
      key.current = recovering.raw;
      setAllowed(recovering);
    } else {
      setFault(recovering.reason);
    }
  };
  if (allowed) {
    return (
      <NewPin
        person={allowed.person}
        onPin={async (pin) => props.onPin(allowed.person, pin, allowed.raw)}
        onBack={props.onBack}
      />
    );
  }
  return (
    <>
      <Heading name="forgotten">A forgotten PIN</Heading>
      <p>Nothing is lost by it: everything that was saved is sent all the same.</p>
      <ol class="app-steps">
        <li>Ask your manager or the café’s lead to open this tablet’s page under Tablets.</li>
        <li>They choose “Allow a new PIN”, and your name.</li>
        <li>Then, within 15 minutes, go on here. The tablet needs a connection for it.</li>
      </ol>
      {fault && (
        <p class="nhsuk-error-message" role="alert">
          <span class="nhsuk-u-visually-hidden">Error:</span> {fault}
        </p>
      )}
      <div class="app-actions">
        <Button onTap={() => void ask()} isDisabled={isAsking}>
          {isAsking ? "One moment…" : "Set a new PIN"}
        </Button>
        <Button kind="secondary" onTap={props.onBack}>
          Back
        </Button>
      </div>
    </>
  );
}
