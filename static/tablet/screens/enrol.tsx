/** The first screen of a tablet: the code that a manager shows. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { codeIn } from "../enrolment";
import { Type, Heading } from "./parts";

/** `onCode` says what went wrong, in words; null when the tablet is enrolled. */
export function EnrolScreen(props: {
  code: string;
  onCode: (code: string) => Promise<string | null>;
}): JSX.Element {
  const [typed, setTyped] = useState(props.code);
  const [fault, setFault] = useState<string | null>(null);
  const [isTrying, setTrying] = useState(false);
  if (isTrying) {
    return (
      <>
        <Heading name="trying">Setting up this tablet</Heading>
        <p role="status">This takes a few seconds. Keep this page open.</p>
      </>
    );
  }
  return (
    <Type
      question="Set up this tablet"
      label="The code on your manager’s screen"
      hint="Your manager finds it under Tablets. It can be used once, within 15 minutes."
      value={typed}
      fault={fault}
      onInput={(value) => {
        setFault(null);
        setTyped(value);
      }}
      onNext={() => {
        const code = codeIn(typed);
        if (!code) {
          setFault("Enter the code");
          return;
        }
        setTrying(true);
        void props
          .onCode(code)
          .then(setFault)
          .finally(() => {
            setTrying(false);
          });
      }}
    />
  );
}
