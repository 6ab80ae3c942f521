/** Recording a visit: one thing on each screen, nine taps for somebody who walks in. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { type Choice, type ListName, MOST_DISTRESS, MOST_MINUTES, choicesOf } from "../choices";
import type { Service } from "../day";
import { type Entry, type Step, answer, back, faultOfTime, keep, timeOf } from "../entry";
import type { VisitBody } from "../journal";
import { Check } from "./check";
import { Button, ChooseMany, ChooseOne, Type } from "./parts";
import { Signposts } from "./signposts";
import { Contact, TypedWho, WhoQuestion } from "./who";

const TITLES: Record<Step, string> = {
  who: "Who is here?",
  code: "Return code",
  name: "Name",
  contact: "How can they be reached?",
  distress_before: "How distressed are they on arrival?",
  reasons: "What brings them here?",
  support: "What support did they have?",
  minutes: "How long was the one-to-one?",
  distress_after: "How distressed are they now?",
  signposted: "Where were they pointed to?",
  came_for: "Who did they come for?",
  route_in: "How did they come to the café?",
  helped: "What do they say helped?",
  alternative: "What would they have done otherwise?",
  outcome: "How did the visit end?",
  arrived_at: "When did they arrive?",
  check: "Check and save",
};
const SCALE: Choice[] = Array.from({ length: MOST_DISTRESS + 1 }, (_, score) => ({
  code: String(score),
  wording: `${score}${score === 0 ? " – calm" : score === MOST_DISTRESS ? " – worst" : ""}`,
}));

interface Given {
  entry: Entry;
  /** Where visitors may be pointed to. */
  services: readonly Service[];
  onChange: (entry: Entry) => void;
}

export function VisitScreen(
  props: Given & { isSaving: boolean; onSave: () => void; onLeave: () => void },
): JSX.Element {
  const { entry, onChange } = props;
  const before = back(entry);
  return (
    <>
      {entry.step !== "check" && (
        <button
          type="button"
          class="nhsuk-back-link app-link"
          onClick={() => {
            if (before) {
              onChange(before);
            } else {
              props.onLeave();
            }
          }}
        >
          Back
        </button>
      )}
      {entry.step === "check" ? <Check {...props} /> : <Question {...props} />}
    </>
  );
}

function Question(given: Given): JSX.Element {
  const { entry } = given;
  switch (entry.step) {
    case "who":
      return <WhoQuestion {...given} question={TITLES.who} />;
    case "code":
    case "name":
      return <TypedWho {...given} question={TITLES[entry.step]} />;
    case "contact":
      return <Contact {...given} question={TITLES.contact} />;
    case "minutes":
      return <Minutes {...given} />;
    case "distress_before":
    case "distress_after":
      return <Distress {...given} field={entry.step} />;
    case "reasons":
    case "helped":
      return <Several {...given} field={entry.step} />;
    case "support":
      return <Support {...given} />;
    case "signposted":
      return <Signposted {...given} />;
    case "came_for":
    case "route_in":
    case "alternative":
    case "outcome":
      return <One {...given} field={entry.step} />;
    case "arrived_at":
      return <Arrival {...given} />;
    case "check":
      return <></>;
  }
}

function Signposted({ entry, services, onChange }: Given): JSX.Element {
  return (
    <Signposts
      question={TITLES.signposted}
      services={services}
      chosen={entry.body.signposted ?? []}
      onChange={(signposted) => {
        onChange(keep(entry, { signposted }));
      }}
      onNext={() => {
        onChange(answer(entry, {}));
      }}
    />
  );
}

/** Known from when the form was opened; put right when somebody writes a visit down later. */
function Arrival({ entry, onChange }: Given): JSX.Element {
  const [fault, setFault] = useState<string | null>(null);
  const [typed, setTyped] = useState(entry.body.arrived_at ?? "");
  return (
    <Type
      question={TITLES.arrived_at}
      label="Time of arrival"
      hint="For example 18:05. Leave it empty when you do not know."
      value={typed}
      fault={fault}
      isNumber
      onInput={(value) => {
        setFault(null);
        setTyped(value);
      }}
      onNext={() => {
        const found = faultOfTime(typed);
        setFault(found);
        if (!found) {
          onChange(answer(entry, { arrived_at: timeOf(typed) ?? undefined }));
        }
      }}
    />
  );
}

function Distress({
  entry,
  field,
  onChange,
}: Given & { field: "distress_before" | "distress_after" }): JSX.Element {
  return (
    <>
      <ChooseOne
        question={TITLES[field]}
        choices={SCALE}
        chosen={entry.body[field]?.toString()}
        isScale
        onChoose={(code) => {
          onChange(answer(entry, { [field]: Number(code) }));
        }}
      />
      <Skip entry={entry} field={field} onChange={onChange} />
    </>
  );
}

function One({ entry, field, onChange }: Given & { field: ListName & keyof VisitBody }): JSX.Element {
  return (
    <>
      <ChooseOne
        question={TITLES[field as Step]}
        choices={choicesOf(field)}
        chosen={entry.body[field] as string | undefined}
        onChoose={(code) => {
          onChange(answer(entry, { [field]: code }));
        }}
      />
      <Skip entry={entry} field={field} onChange={onChange} />
    </>
  );
}

/** Nothing is compulsory about somebody in distress: a question can be left, and an answer taken back. */
function Skip({ entry, field, onChange }: Omit<Given, "services"> & { field: keyof VisitBody }): JSX.Element {
  return (
    <Button
      kind="secondary"
      onTap={() => {
        onChange(answer(entry, { [field]: undefined }));
      }}
    >
      Not recorded
    </Button>
  );
}

function Several({ entry, field, onChange }: Given & { field: "reasons" | "helped" }): JSX.Element {
  return (
    <ChooseMany
      question={TITLES[field]}
      choices={choicesOf(field)}
      chosen={entry.body[field] ?? []}
      alone={field === "helped" ? ["nothing"] : []}
      onChange={(codes) => {
        onChange(keep(entry, { [field]: codes }));
      }}
      onNext={() => {
        onChange(answer(entry, {}));
      }}
    />
  );
}

function Support({ entry, onChange }: Given): JSX.Element {
  const given = entry.body.support ?? [];
  return (
    <ChooseMany
      question={TITLES.support}
      choices={choicesOf("support")}
      chosen={given.map(({ kind }) => kind)}
      onChange={(codes) => {
        const support = codes.map((kind) => given.find((each) => each.kind === kind) ?? { kind });
        onChange(keep(entry, { support }));
      }}
      onNext={() => {
        onChange(answer(entry, {}));
      }}
    />
  );
}

function Minutes({ entry, onChange }: Given): JSX.Element {
  const [fault, setFault] = useState<string | null>(null);
  const support = entry.body.support ?? [];
  const [typed, setTyped] = useState(
    support.find(({ kind }) => kind === "one_to_one")?.minutes?.toString() ?? "",
  );
  const next = (): void => {
    const minutes = typed.trim();
    if (minutes && !(/^\d+$/.test(minutes) && Number(minutes) >= 1 && Number(minutes) <= MOST_MINUTES)) {
      setFault(`Enter the minutes as a whole number from 1 to ${MOST_MINUTES}, or leave it empty`);
      return;
    }
    const spent = support.map((each) =>
      each.kind === "one_to_one"
        ? { kind: each.kind, ...(minutes ? { minutes: Number(minutes) } : {}) }
        : each,
    );
    onChange(answer(entry, { support: spent }));
  };
  return (
    <Type
      question={TITLES.minutes}
      label="Minutes"
      hint="Leave it empty when you do not know."
      value={typed}
      fault={fault}
      isNumber
      onInput={(value) => {
        setFault(null);
        setTyped(value);
      }}
      onNext={next}
    />
  );
}
