/** The question with the longest list: what people near the café speak comes first, and the others can be searched. */
import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";

import type { Question } from "../choices";
import { type Language, NEAR, nameOfLanguage, textOf, wordingIn } from "../languages";
import { Button, ChooseOne, Heading } from "./parts";

interface Named {
  code: string;
  wording: string;
  /** As its own speakers call it, where that is written otherwise. */
  own: string;
}

export function FirstLanguage(props: {
  question: Question;
  language: Language;
  chosen: string | undefined;
  onChoose: (code: string) => void;
}): JSX.Element {
  const { question, language, chosen, onChoose } = props;
  const { words } = language;
  const named = useMemo(() => namesIn(question, language), [question, language]);
  const isFar = chosen !== undefined && chosen !== question.declined && !NEAR.includes(chosen);
  const [isLong, setLong] = useState(isFar);
  const text = textOf(language, question);
  if (isLong) {
    return <LongList text={text} words={words} named={named} chosen={chosen} onChoose={onChoose} />;
  }
  const near = NEAR.flatMap((code) => named.filter((each) => each.code === code));
  return (
    <>
      <ChooseOne
        question={text}
        choices={near.map(({ code, wording, own }) => ({
          code,
          wording: own === wording ? own : `${own} – ${wording}`,
        }))}
        chosen={chosen}
        onChoose={onChoose}
      />
      <Button
        kind="secondary"
        onTap={() => {
          setLong(true);
        }}
      >
        {words.otherLanguage}
      </Button>
    </>
  );
}

function LongList(props: {
  text: string;
  words: Language["words"];
  named: readonly Named[];
  chosen: string | undefined;
  onChoose: (code: string) => void;
}): JSX.Element {
  const [typed, setTyped] = useState("");
  const wanted = typed.trim().toLocaleLowerCase();
  const found = props.named.filter(({ wording, own, code }) =>
    [wording, own, code].some((each) => each.toLocaleLowerCase().includes(wanted)),
  );
  return (
    <>
      <Heading name="languages">{props.text}</Heading>
      <div class="nhsuk-form-group">
        <label class="nhsuk-label" for="find">
          {props.words.findLanguage}
        </label>
        <input
          id="find"
          class="nhsuk-input"
          autocomplete="off"
          spellcheck={false}
          value={typed}
          onInput={(event) => {
            setTyped(event.currentTarget.value);
          }}
        />
      </div>
      <div role="group" aria-label={props.text} class="app-answers">
        {found.map(({ code, wording }) => (
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

/** By name. Where the browser calls two codes the same, as Akan and Twi, both are called what the list calls them. */
function namesIn(question: Question, language: Language): Named[] {
  const order = new Intl.Collator(language.locale);
  const wordings = question.options.map((choice) => wordingIn(language, question, choice));
  return question.options
    .map(({ code, wording: listed }, at) => {
      const said = wordings[at] ?? listed;
      const wording = wordings.indexOf(said) === wordings.lastIndexOf(said) ? said : listed;
      return { code, wording, own: nameOfLanguage(code, code) ?? wording };
    })
    .sort((a, b) => order.compare(a.wording, b.wording));
}
