/** What the visitor sees while the tablet is in their hands: one question a page, in their language, and no way out. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";

import type { Question } from "../choices";
import {
  type Handed,
  answerWith,
  chosenIn,
  decline,
  goBack,
  goOn,
  keepAnswer,
  questionOf,
  skip,
} from "../handed";
import { type Language, progressIn, textOf, wordingIn } from "../languages";
import { useSpeech } from "../speech";
import { FirstLanguage } from "./first-language";
import { Button, ChooseMany, ChooseOne, Heading } from "./parts";

interface Given {
  handed: Handed;
  language: Language;
  onChange: (handed: Handed) => void;
}

export function VisitorScreen(
  props: Given & { isNotKept: boolean; onFinish: () => void; onGiveBack: () => void },
): JSX.Element {
  const { handed, language, onChange } = props;
  const { words } = language;
  const question = questionOf(handed);
  const isEnd = handed.at > 0 && !question;
  return (
    <div lang={language.locale} class={`app-visitor app-visitor--${handed.language}`}>
      {handed.at > 0 && !handed.isDone && (
        <button
          type="button"
          class="nhsuk-back-link app-link"
          onClick={() => {
            onChange(goBack(handed));
          }}
        >
          {words.back}
        </button>
      )}
      {props.isNotKept && (
        <p class="app-warning app-warning--urgent" role="alert">
          {words.notKept}
        </p>
      )}
      {question && <p class="app-visitor__progress">{progressIn(words, handed.at)}</p>}
      <ReadAloud language={language} page={handed.at} sentences={sentencesOf(props, isEnd)} />
      {question && <Asked {...props} question={question} key={question.name} />}
      {handed.at === 0 && <Greeting {...props} />}
      {isEnd && <End {...props} />}
      {handed.isDone ? (
        <Button onTap={props.onGiveBack}>{words.giveBack}</Button>
      ) : (
        <p class="app-visitor__return">
          <button type="button" class="app-link" onClick={props.onGiveBack}>
            {words.giveBack}
          </button>
        </p>
      )}
    </div>
  );
}

function Greeting({ handed, language: { words }, onChange }: Given): JSX.Element {
  return (
    <>
      <Heading name="hello">{words.hello}</Heading>
      <p>{words.why}</p>
      <p>{words.optional}</p>
      <p>{words.unseen}</p>
      <Button
        onTap={() => {
          onChange(goOn(handed));
        }}
      >
        {words.start}
      </Button>
    </>
  );
}

function End({ handed, language: { words }, onFinish }: Given & { onFinish: () => void }): JSX.Element {
  if (handed.isDone) {
    return (
      <>
        <Heading name="thanks">{words.thanks}</Heading>
        <p>{words.giveToStaff}</p>
      </>
    );
  }
  return (
    <>
      <Heading name="last">{words.last}</Heading>
      <p>{words.lastHint}</p>
      <Button onTap={onFinish}>{words.finish}</Button>
    </>
  );
}

function Asked(props: Given & { question: Question }): JSX.Element {
  const { handed, language, question, onChange } = props;
  const { words } = language;
  const chosen = chosenIn(handed, question);
  return (
    <>
      <Answers {...props} chosen={chosen} />
      <div class="app-answers app-visitor__decline">
        <button
          type="button"
          class="app-answer"
          aria-pressed={chosen.includes(question.declined)}
          onClick={() => {
            onChange(decline(handed, question));
          }}
        >
          {words.decline}
        </button>
      </div>
      <Button
        kind="secondary"
        onTap={() => {
          onChange(skip(handed, question));
        }}
      >
        {words.skip}
      </Button>
    </>
  );
}

function Answers(props: Given & { question: Question; chosen: string[] }): JSX.Element {
  const { handed, language, question, chosen, onChange } = props;
  const { words } = language;
  const text = textOf(language, question);
  if (question.name === "language") {
    return (
      <FirstLanguage
        question={question}
        language={language}
        chosen={chosen[0]}
        onChoose={(code) => {
          onChange(answerWith(handed, question, code));
        }}
      />
    );
  }
  const choices = question.options.map((choice) => ({
    code: choice.code,
    wording: wordingIn(language, question, choice),
  }));
  if (question.isMany) {
    return (
      <ChooseMany
        question={text}
        choices={choices}
        chosen={chosen.filter((code) => code !== question.declined)}
        alone={question.alone}
        hint={words.many}
        next={words.next}
        onChange={(codes) => {
          onChange(keepAnswer(handed, question, codes));
        }}
        onNext={() => {
          onChange(goOn(handed));
        }}
      />
    );
  }
  return (
    <ChooseOne
      question={text}
      choices={choices}
      chosen={chosen[0]}
      onChoose={(code) => {
        onChange(answerWith(handed, question, code));
      }}
    />
  );
}

function ReadAloud(props: {
  language: Language;
  page: number;
  sentences: readonly string[];
}): JSX.Element | null {
  const { words, locale } = props.language;
  const speech = useSpeech(locale, props.page);
  const { read } = speech;
  return (
    read && (
      <Button
        kind="secondary"
        onTap={() => {
          if (speech.isReading) {
            speech.stop();
          } else {
            read(props.sentences);
          }
        }}
      >
        {speech.isReading ? words.stop : words.read}
      </Button>
    )
  );
}

/** What is on the page, as it is read: nearly two hundred names of languages are not. */
function sentencesOf({ handed, language }: Given, isEnd: boolean): string[] {
  const { words } = language;
  const question = questionOf(handed);
  if (question) {
    const options = question.name === "language" ? [] : question.options;
    const hint = question.isMany ? [words.many] : [];
    const answers = options.map((choice) => wordingIn(language, question, choice));
    return [textOf(language, question), ...hint, ...answers, words.decline];
  }
  if (!isEnd) {
    return [words.hello, words.why, words.optional, words.unseen];
  }
  return handed.isDone ? [words.thanks, words.giveToStaff] : [words.last, words.lastHint];
}

/** The same help as the staff's, in the words of whoever has the tablet. */
export function HelpInWords({
  language: { words, locale },
  onClose,
}: {
  language: Language;
  onClose: () => void;
}): JSX.Element {
  return (
    <div lang={locale}>
      <Heading name="urgent">{words.urgent}</Heading>
      <section class="app-help">
        <h2 class="nhsuk-heading-m">{words.danger}</h2>
        <p class="app-help__number">
          <a href="tel:999">999</a>
        </p>
      </section>
      <section class="app-help app-help--soon">
        <h2 class="nhsuk-heading-m">{words.crisis}</h2>
        <p class="app-help__number">
          <a href="tel:08088003302">0808 800 3302</a>
        </p>
      </section>
      <Button onTap={onClose}>{words.close}</Button>
    </div>
  );
}

/** The words of a language could not be had: the way back to the staff stays open. */
export function NoWords({
  onAgain,
  onGiveBack,
}: {
  onAgain: () => void;
  onGiveBack: () => void;
}): JSX.Element {
  const [isTried, setTried] = useState(false);
  return (
    <>
      <Heading name="no-words">The questions could not be opened</Heading>
      <p>What was answered is kept. Please give the tablet to a member of staff.</p>
      <div class="app-actions">
        <Button
          onTap={() => {
            setTried(true);
            onAgain();
          }}
        >
          {isTried ? "Try once more" : "Try again"}
        </Button>
        <Button kind="secondary" onTap={onGiveBack}>
          Give the tablet back
        </Button>
      </div>
    </>
  );
}
