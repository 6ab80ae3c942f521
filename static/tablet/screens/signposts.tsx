/** Community services to name to somebody: by kind, with what they need to know to go there. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";

import type { Service } from "../day";
import { Button, Heading } from "./parts";

/** Below so many, looking is faster than typing. */
const FEW = 8;

export function Signposts(props: {
  question: string;
  services: readonly Service[];
  chosen: readonly string[];
  onChange: (ids: string[]) => void;
  onNext: () => void;
}): JSX.Element {
  const { services, chosen } = props;
  const [typed, setTyped] = useState("");
  const found = services.filter((service) => isFound(service, typed) || chosen.includes(service.id));
  const kinds = [...new Set(found.map(({ kind }) => kind))];
  const toggle = (id: string): void => {
    props.onChange(chosen.includes(id) ? chosen.filter((each) => each !== id) : [...chosen, id]);
  };
  return (
    <>
      <Heading name="signposts">{props.question}</Heading>
      {services.length === 0 && (
        <p>This tablet has no list of services yet. It comes with the next connection.</p>
      )}
      {services.length > FEW && (
        <div class="nhsuk-form-group">
          <label class="nhsuk-label" for="find-service">
            Find a service
          </label>
          <input
            id="find-service"
            class="nhsuk-input"
            autocomplete="off"
            spellcheck={false}
            value={typed}
            onInput={(event) => {
              setTyped(event.currentTarget.value);
            }}
          />
        </div>
      )}
      <p role="status" class={found.length === 0 && services.length > 0 ? "" : "nhsuk-u-visually-hidden"}>
        {services.length > 0 &&
          (found.length === 0 ? "No service is called that." : `${found.length} services`)}
      </p>
      {kinds.map((kind) => (
        <section key={kind}>
          <h2 class="nhsuk-heading-m">{kind}</h2>
          <div role="group" aria-label={kind} class="app-answers app-answers--many">
            {found
              .filter((service) => service.kind === kind)
              .map((service) => (
                <button
                  key={service.id}
                  type="button"
                  class="app-answer app-service"
                  aria-pressed={chosen.includes(service.id)}
                  onClick={() => {
                    toggle(service.id);
                  }}
                >
                  {service.name}
                  <Particulars service={service} />
                </button>
              ))}
          </div>
        </section>
      ))}
      <Button onTap={props.onNext}>Next</Button>
    </>
  );
}

function Particulars({ service }: { service: Service }): JSX.Element | null {
  const said = [service.phone, service.when_open].filter(Boolean).join(", ");
  return said ? <span class="app-service__particulars"> {said}</span> : null;
}

function isFound({ name, kind, what_for: whatFor }: Service, typed: string): boolean {
  const text = `${name} ${kind} ${whatFor}`.toLowerCase();
  return typed
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
