/** The frame of every screen: urgent help and the lock are always in reach, whatever is below. */
import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";

import type { Language } from "./languages";
import { Button } from "./screens/parts";
import { type Warning, Warnings } from "./screens/status";
import { UrgentHelp } from "./screens/urgent";
import { HelpInWords } from "./screens/visitor";

/** `onLock` is null where there is nothing to lock; `language` is the visitor's while they have the tablet. */
export function Frame(props: {
  children: ComponentChildren;
  language?: Language | null;
  warnings?: readonly Warning[];
  onLock?: (() => void) | null;
}): JSX.Element {
  const { language } = props;
  const [isUrgent, setUrgent] = useState(false);
  const close = (): void => {
    setUrgent(false);
  };
  return (
    <>
      <header class="app-top">
        <Button
          kind="warning"
          onTap={() => {
            setUrgent(true);
          }}
        >
          <span lang={language?.locale}>{language?.words.urgent ?? "Urgent help"}</span>
        </Button>
        {props.onLock && (
          <Button kind="secondary" onTap={props.onLock}>
            Lock now
          </Button>
        )}
      </header>
      <Warnings warnings={props.warnings ?? []} />
      <main class="app-screen" id="main">
        {isUrgent &&
          (language ? <HelpInWords language={language} onClose={close} /> : <UrgentHelp onClose={close} />)}
        {/* What is being entered stays where it is while somebody looks up a number. */}
        <div hidden={isUrgent}>{props.children}</div>
      </main>
    </>
  );
}
