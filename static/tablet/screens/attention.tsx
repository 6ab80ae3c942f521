/** What the server could not settle, each with its reason. Here it can be sent again; only a manager sets it aside. */
import type { JSX } from "preact";

import type { Kind, Stored } from "../records";
import { Button, Heading } from "./parts";

const KINDS: Record<Kind, string> = {
  session_opened: "Opening a session",
  on_duty: "Who is on duty",
  visit: "A visit",
  visit_changed: "A change to a visit",
  visit_withdrawn: "A visit taken back",
  answers: "What a visitor answered",
  session_closed: "Closing a session",
};

export function AttentionScreen(props: {
  records: readonly Stored[];
  quarantined: number;
  onAgain: (record: Stored) => void;
  onBack: () => void;
}): JSX.Element {
  const { records, quarantined } = props;
  return (
    <>
      <Heading name="attention">Needs attention</Heading>
      {records.length === 0 && quarantined === 0 && <p>Nothing needs attention.</p>}
      {records.length > 0 && (
        <p>
          Nothing of this is lost. Each stays here until it is mended, or until your manager sets it aside on
          their own page.
        </p>
      )}
      {quarantined > 0 && (
        <p>
          {quarantined === 1 ? "1 record" : `${quarantined} records`} could not be read after an update, and
          are kept as they were. Tell your manager.
        </p>
      )}
      <ul class="app-visits">
        {records.map((record) => (
          <li key={`${record.id} ${record.hash}`}>
            <p>
              <strong>
                {KINDS[record.kind]}, number {record.number}
              </strong>
            </p>
            <p>{record.reason ?? "The server did not say why."}</p>
            <Button
              kind="secondary"
              onTap={() => {
                props.onAgain(record);
              }}
            >
              Send again
            </Button>
          </li>
        ))}
      </ul>
      <Button onTap={props.onBack}>Back</Button>
    </>
  );
}
