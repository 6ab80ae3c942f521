/** Before the visitor has the tablet: in which language they are asked, and how far anybody has checked it. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

import { type Language, type Offered, loadLanguages } from "../languages";
import { Button, Heading } from "./parts";

export function HandOver(props: { onChoose: (language: string) => void; onBack: () => void }): JSX.Element {
  const [offered, setOffered] = useState<Offered[] | null>(null);
  useEffect(() => {
    void loadLanguages().then(setOffered);
  }, []);
  return (
    <>
      <Heading name="hand">Hand to the visitor</Heading>
      <p>
        They answer alone, or leave any question out. When you take the tablet back you enter your PIN, and
        you do not see what they answered.
      </p>
      {offered === null && <p role="status">Opening…</p>}
      {offered?.length === 0 && (
        <p>The questions are not on this tablet yet. Connect it, and open the app again.</p>
      )}
      {offered && offered.length > 0 && (
        <>
          <h2 class="nhsuk-heading-m">Which language would they like?</h2>
          <div role="group" aria-label="Which language would they like?" class="app-answers">
            {offered.map(({ code, language }) => (
              <button
                key={code}
                type="button"
                class="app-answer app-language"
                onClick={() => {
                  props.onChoose(code);
                }}
              >
                <span lang={language.locale}>{language.name}</span>
                {language.name !== language.english && (
                  <span class="app-language__english">{language.english}</span>
                )}
                {language.status === "draft" && <span class="app-language__draft">{draftOf(language)}</span>}
              </button>
            ))}
          </div>
        </>
      )}
      <Button kind="secondary" onTap={props.onBack}>
        Back
      </Button>
    </>
  );
}

function draftOf({ locale }: Language): string {
  return locale.startsWith("en")
    ? "Draft: not yet checked with people who use it"
    : "Draft: not yet checked by a speaker";
}
