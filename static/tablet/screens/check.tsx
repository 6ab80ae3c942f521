/** The last screen of a visit: every answer in words, and a way to each. */
import type { JSX } from "preact";

import { type ListName, wordingOf } from "../choices";
import type { Service } from "../day";
import { type Entry, MORE, type Step, goTo } from "../entry";
import type { Who } from "../journal";
import { Button, Heading } from "./parts";

export function Check(props: {
  entry: Entry;
  services: readonly Service[];
  isSaving: boolean;
  onChange: (entry: Entry) => void;
  onSave: () => void;
  onLeave: () => void;
}): JSX.Element {
  const { entry, onChange } = props;
  const rows = summary(entry, props.services);
  return (
    <>
      <Heading name="check">{entry.isChange ? "Change this visit" : "Check and save"}</Heading>
      <dl class="nhsuk-summary-list">
        {rows.map(({ step, label, value }) => (
          <div class="nhsuk-summary-list__row" key={step}>
            <dt class="nhsuk-summary-list__key">{label}</dt>
            <dd class="nhsuk-summary-list__value">{value}</dd>
            <dd class="nhsuk-summary-list__actions">
              <button
                type="button"
                class="app-link"
                onClick={() => {
                  onChange(goTo(entry, step));
                }}
              >
                Change<span class="nhsuk-u-visually-hidden"> {label.toLowerCase()}</span>
              </button>
            </dd>
          </div>
        ))}
      </dl>
      <div class="app-actions">
        <Button onTap={props.onSave} isDisabled={props.isSaving}>
          {props.isSaving ? "Saving…" : "Save visit"}
        </Button>
        <Button kind="secondary" onTap={props.onLeave}>
          {entry.isChange ? "Leave it as it was" : "Do not record this visit"}
        </Button>
      </div>
    </>
  );
}

interface Row {
  step: Step;
  label: string;
  value: string;
}

const LABELS: Record<
  (typeof MORE)[number] | "who" | "distress_before" | "reasons" | "support" | "distress_after",
  string
> = {
  who: "Who came",
  distress_before: "Distress on arrival",
  reasons: "Reasons",
  support: "Support",
  distress_after: "Distress on leaving",
  signposted: "Pointed to",
  came_for: "Came for",
  route_in: "How they came to the café",
  helped: "What helped",
  alternative: "Otherwise they would have",
  outcome: "How the visit ended",
  arrived_at: "Time of arrival",
};

/** Every answer in words; what was not answered says so, and can be added from here. */
export function summary({ body }: Entry, services: readonly Service[] = []): Row[] {
  const list = (name: ListName, codes: readonly string[] | undefined): string =>
    (codes ?? []).map((code) => wordingOf(name, code)).join(", ");
  const values: Record<keyof typeof LABELS, string> = {
    who: whoInWords(body.who),
    distress_before: body.distress_before?.toString() ?? "",
    reasons: list("reasons", body.reasons),
    support: (body.support ?? [])
      .map(({ kind, minutes }) => wordingOf("support", kind) + (minutes ? ` (${minutes} minutes)` : ""))
      .join(", "),
    distress_after: body.distress_after?.toString() ?? "",
    signposted: pointedTo(body.signposted, services),
    came_for: body.came_for ? wordingOf("came_for", body.came_for) : "",
    route_in: body.route_in ? wordingOf("route_in", body.route_in) : "",
    helped: list("helped", body.helped),
    alternative: body.alternative ? wordingOf("alternative", body.alternative) : "",
    outcome: body.outcome ? wordingOf("outcome", body.outcome) : "",
    arrived_at: body.arrived_at ?? "",
  };
  return (Object.keys(LABELS) as (keyof typeof LABELS)[]).map((step) => ({
    step,
    label: LABELS[step],
    value: values[step] || "Not recorded",
  }));
}

function pointedTo(ids: readonly string[] | undefined, services: readonly Service[]): string {
  const named = services.filter(({ id }) => ids?.includes(id)).map(({ name }) => name);
  const others = (ids?.length ?? 0) - named.length;
  const unlisted = others === 1 ? "a service that is not listed" : `${others} services that are not listed`;
  return [...named, ...(others > 0 ? [unlisted] : [])].join(", ");
}

function whoInWords(who: Who | undefined): string {
  switch (who?.kind) {
    case "code":
      return `Return code ${who.code}`;
    case "named":
      return who.contact ? `${who.name}, ${who.contact}` : who.name;
    case "anonymous":
      return "No name given";
    case undefined:
      return "As recorded";
  }
}
