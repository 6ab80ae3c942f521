/** Recording a visit: one thing on each screen, nine taps for somebody who walks in. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { type Choice, type ListName, MOST_DISTRESS, MOST_MINUTES, choicesOf } from "../choices";
import { type Entry, type Step, answer, back, faultOfWho, keep } from "../entry";
import type { VisitBody, Who } from "../journal";
import { Check } from "./check";
import { Button, ChooseMany, ChooseOne, Type } from "./parts";

const TITLES: Record<Step, string> = {
  who: "Who is here?",
  code: "Return code",
  name: "Name",
  distress_before: "How distressed are they on arrival?",
  reasons: "What brings them here?",
  support: "What support did they have?",
  minutes: "How long was the one-to-one?",
  distress_after: "How distressed are they now?",
  came_for: "Who did they come for?",
  route_in: "How did they come to the café?",
  helped: "What do they say helped?",
  alternative: "What would they have done otherwise?",
  outcome: "How did the visit end?",
  check: "Check and save",
};
const WHO: Choice[] = [
  { code: "anonymous", wording: "Somebody who gives no name" },
  { code: "code", wording: "Somebody with a return code" },
  { code: "named", wording: "Somebody who wants to be known by name" },
];
const SCALE: Choice[] = Array.from({ length: MOST_DISTRESS + 1 }, (_, score) => ({
  code: String(score),
  wording: `${score}${score === 0 ? " – calm" : score === MOST_DISTRESS ? " – worst" : ""}`,
}));

interface Given {
  entry: Entry;
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
      {entry.step === "check" ? <Check {...props} /> : <Question entry={entry} onChange={onChange} />}
    </>
  );
}

function Question({ entry, onChange }: Given): JSX.Element {
  switch (entry.step) {
    case "who":
      return <WhoQuestion entry={entry} onChange={onChange} />;
    case "code":
    case "name":
      return <TypedWho entry={entry} onChange={onChange} />;
    case "minutes":
      return <Minutes entry={entry} onChange={onChange} />;
    case "distress_before":
    case "distress_after":
      return <Distress entry={entry} field={entry.step} onChange={onChange} />;
    case "reasons":
    case "helped":
      return <Several entry={entry} field={entry.step} onChange={onChange} />;
    case "support":
      return <Support entry={entry} onChange={onChange} />;
    case "came_for":
    case "route_in":
    case "alternative":
    case "outcome":
      return <One entry={entry} field={entry.step} onChange={onChange} />;
    case "check":
      return <></>;
  }
}

function WhoQuestion({ entry, onChange }: Given): JSX.Element {
  const chosen = entry.isChange || entry.isChecked ? entry.body.who?.kind : undefined;
  return (
    <ChooseOne
      question={TITLES.who}
      choices={WHO}
      chosen={chosen}
      onChoose={(code) => {
        onChange(answer(entry, { who: whoOf(code, entry.body.who) }));
      }}
    />
  );
}

/** What was typed for the same answer before is kept. */
function whoOf(code: string, before: Who | undefined): Who {
  if (before?.kind === code) {
    return before;
  }
  switch (code) {
    case "code":
      return { kind: "code", code: "" };
    case "named":
      return { kind: "named", name: "", contact: "" };
    default:
      return { kind: "anonymous" };
  }
}

function TypedWho({ entry, onChange }: Given): JSX.Element {
  const [fault, setFault] = useState<string | null>(null);
  const who = entry.body.who ?? { kind: "anonymous" };
  const isCode = who.kind === "code";
  return (
    <Type
      question={isCode ? TITLES.code : TITLES.name}
      label={isCode ? "The code that they chose" : "What they would like to be called"}
      hint={isCode ? "Capitals and spaces make no difference." : "Only when they ask for it."}
      value={who.kind === "code" ? who.code : who.kind === "named" ? who.name : ""}
      fault={fault}
      onInput={(value) => {
        setFault(null);
        onChange(
          keep(entry, {
            who: isCode ? { kind: "code", code: value } : { kind: "named", name: value, contact: "" },
          }),
        );
      }}
      onNext={() => {
        const found = faultOfWho(who);
        setFault(found);
        if (!found) {
          onChange(answer(entry, {}));
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
function Skip({ entry, field, onChange }: Given & { field: keyof VisitBody }): JSX.Element {
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
