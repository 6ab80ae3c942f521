/** What the screens are put together from: a heading that takes the focus, and answers that a thumb can hit. */
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";

import type { Choice } from "../choices";

/** A new screen is told to whoever cannot see it: its heading takes the focus. */
export function Heading({ children, name }: { children: ComponentChildren; name?: string }): JSX.Element {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus();
    window.scrollTo(0, 0);
  }, [name]);
  return (
    <h1 class="nhsuk-heading-l app-screen__heading" tabIndex={-1} ref={heading}>
      {children}
    </h1>
  );
}

export function Button(props: {
  children: ComponentChildren;
  onTap: () => void;
  kind?: "secondary" | "reverse" | "warning";
  isDisabled?: boolean;
}): JSX.Element {
  const kind = props.kind ? ` nhsuk-button--${props.kind}` : "";
  return (
    <button
      type="button"
      class={`nhsuk-button${kind} app-tap`}
      aria-disabled={props.isDisabled ?? false}
      onClick={() => {
        if (!props.isDisabled) {
          props.onTap();
        }
      }}
    >
      {props.children}
    </button>
  );
}

/** One answer: a tap is the answer, and leads on. */
export function ChooseOne(props: {
  question: string;
  hint?: string;
  choices: readonly Choice[];
  chosen?: string | undefined;
  onChoose: (code: string) => void;
  isScale?: boolean;
}): JSX.Element {
  return (
    <>
      <Heading name={props.question}>{props.question}</Heading>
      {props.hint && <p class="nhsuk-hint">{props.hint}</p>}
      <div
        role="group"
        aria-label={props.question}
        class={props.isScale ? "app-answers app-answers--scale" : "app-answers"}
      >
        {props.choices.map(({ code, wording }) => (
          <button
            key={code}
            type="button"
            class="app-answer"
            aria-pressed={code === props.chosen}
            onClick={() => {
              props.onChoose(code);
            }}
          >
            {wording}
          </button>
        ))}
      </div>
    </>
  );
}

/** Any number of answers: each tap changes one, and a button leads on. `alone`: those that go with no other. */
export function ChooseMany(props: {
  question: string;
  choices: readonly Choice[];
  chosen: readonly string[];
  alone?: readonly string[];
  /** In another language than English. */
  hint?: string;
  next?: string;
  onChange: (codes: string[]) => void;
  onNext: () => void;
}): JSX.Element {
  const toggle = (code: string): void => {
    const alone = props.alone ?? [];
    const others = alone.includes(code)
      ? []
      : props.chosen.filter((each) => each !== code && !alone.includes(each));
    props.onChange(
      props.chosen.includes(code) ? props.chosen.filter((each) => each !== code) : [...others, code],
    );
  };
  return (
    <>
      <Heading name={props.question}>{props.question}</Heading>
      <p class="nhsuk-hint">{props.hint ?? "Choose as many as you like, or none."}</p>
      <div role="group" aria-label={props.question} class="app-answers app-answers--many">
        {props.choices.map(({ code, wording }) => (
          <button
            key={code}
            type="button"
            class="app-answer"
            aria-pressed={props.chosen.includes(code)}
            onClick={() => {
              toggle(code);
            }}
          >
            {wording}
          </button>
        ))}
      </div>
      <Button onTap={props.onNext}>{props.next ?? "Next"}</Button>
    </>
  );
}

/** Something typed. What is typed is handed on with each key, so that it is kept. */
export function Type(props: {
  question: string;
  label: string;
  hint?: string;
  value: string;
  fault: string | null;
  isNumber?: boolean;
  onInput: (value: string) => void;
  onNext: () => void;
}): JSX.Element {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (props.fault) {
      field.current?.focus();
    }
  }, [props.fault]);
  const described = [props.hint ? "typed-hint" : "", props.fault ? "typed-error" : ""]
    .filter(Boolean)
    .join(" ");
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        props.onNext();
      }}
    >
      <Heading name={props.question}>{props.question}</Heading>
      <div class={`nhsuk-form-group${props.fault ? " nhsuk-form-group--error" : ""}`}>
        <label class="nhsuk-label nhsuk-label--m" for="typed">
          {props.label}
        </label>
        {props.hint && (
          <div class="nhsuk-hint" id="typed-hint">
            {props.hint}
          </div>
        )}
        {props.fault && (
          <span class="nhsuk-error-message" id="typed-error" role="alert">
            <span class="nhsuk-u-visually-hidden">Error:</span> {props.fault}
          </span>
        )}
        <input
          ref={field}
          id="typed"
          class={`nhsuk-input${props.isNumber ? " nhsuk-input--width-4" : ""}${props.fault ? " nhsuk-input--error" : ""}`}
          type="text"
          inputMode={props.isNumber ? "numeric" : "text"}
          autocomplete="off"
          spellcheck={false}
          aria-describedby={described || undefined}
          aria-invalid={props.fault ? true : undefined}
          value={props.value}
          onInput={(event) => {
            props.onInput(event.currentTarget.value);
          }}
        />
      </div>
      <button type="submit" class="nhsuk-button app-tap">
        Next
      </button>
    </form>
  );
}
