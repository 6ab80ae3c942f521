/** Whose visit it is: nobody's by name, somebody's return code, or a name that they want to be known by. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";

import type { Choice } from "../choices";
import { type Entry, answer, faultOfWho, keep } from "../entry";
import type { Who } from "../journal";
import { ChooseOne, Type } from "./parts";

const WHO: Choice[] = [
  { code: "anonymous", wording: "Somebody who gives no name" },
  { code: "code", wording: "Somebody with a return code" },
  { code: "named", wording: "Somebody who wants to be known by name" },
];

interface Asked {
  entry: Entry;
  question: string;
  onChange: (entry: Entry) => void;
}

export function WhoQuestion({ entry, question, onChange }: Asked): JSX.Element {
  const chosen = entry.isChange || entry.isChecked ? entry.body.who?.kind : undefined;
  return (
    <ChooseOne
      question={question}
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

export function TypedWho({ entry, question, onChange }: Asked): JSX.Element {
  const [fault, setFault] = useState<string | null>(null);
  const who = entry.body.who ?? { kind: "anonymous" };
  const isCode = who.kind === "code";
  return (
    <Type
      question={question}
      label={isCode ? "The code that they chose" : "What they would like to be called"}
      hint={isCode ? "Capitals and spaces make no difference." : "Only when they ask for it."}
      value={who.kind === "code" ? who.code : who.kind === "named" ? who.name : ""}
      fault={fault}
      onInput={(value) => {
        setFault(null);
        onChange(
          keep(entry, {
            who: isCode
              ? { kind: "code", code: value }
              : { kind: "named", name: value, contact: who.kind === "named" ? who.contact : "" },
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

export function Contact({ entry, question, onChange }: Asked): JSX.Element {
  const who = entry.body.who ?? { kind: "anonymous" };
  return (
    <Type
      question={question}
      label="A telephone number or an address (optional)"
      hint="Only when they ask to be reached."
      value={who.kind === "named" ? who.contact : ""}
      fault={null}
      onInput={(value) => {
        if (who.kind === "named") {
          onChange(keep(entry, { who: { ...who, contact: value } }));
        }
      }}
      onNext={() => {
        onChange(answer(entry, {}));
      }}
    />
  );
}
