/** What an enrolled tablet shows: locked, at work, or in a visitor's hands. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

import type { Day } from "./day";
import { type Ground, type Weather, staffOf } from "./ground";
import type { Handed } from "./handed";
import { type Hands, useHands } from "./hands";
import { Frame } from "./frame";
import { createDataKey } from "./keys";
import { type LanguageHere, useWords } from "./words";
import { ForgottenPin } from "./screens/forgotten";
import { ChoosePerson, EnterPin, type Somebody, faultOfOpening } from "./screens/lock";
import { Button } from "./screens/parts";
import { FirstPerson } from "./screens/people";
import { Warnings, notRead } from "./screens/status";
import { NoWords, VisitorScreen } from "./screens/visitor";
import { AtWork } from "./work-screen";

export function App({ ground, weather }: { ground: Ground; weather: Weather }): JSX.Element {
  const hands = useHands(ground);
  const words = useWords(hands.handed?.language);
  const isStaff = hands.handed === null;
  const lock = (): void => {
    ground.lock.lock();
  };
  return (
    <Frame
      language={words.language}
      warnings={hands.handed ? [] : weather.warnings}
      onLock={weather.open && isStaff ? lock : null}
    >
      <InHands ground={ground} weather={weather} hands={hands} words={words} />
    </Frame>
  );
}

/** In whose hands the tablet is decides what it shows; until that is known, nothing. */
function InHands(props: {
  ground: Ground;
  weather: Weather;
  hands: Hands;
  words: LanguageHere;
}): JSX.Element {
  const { ground, weather, hands, words } = props;
  const { open, day } = weather;
  if (hands.isUnread) {
    return <Warnings warnings={[notRead()]} isUrgent />;
  }
  if (hands.handed === undefined) {
    return <p role="status">Opening…</p>;
  }
  if (hands.handed) {
    return <WithVisitor ground={ground} day={day} hands={hands} handed={hands.handed} words={words} />;
  }
  return open ? (
    <AtWork
      key={open.id}
      ground={ground}
      open={open}
      weather={weather}
      told={hands.told}
      onHandOver={hands.handOver}
    />
  ) : (
    <Locked ground={ground} day={day} />
  );
}

/** No way out of it but by a PIN: the questions, or whoever takes the tablet back. */
function WithVisitor(props: {
  ground: Ground;
  day: Day | undefined;
  hands: Hands;
  handed: Handed;
  words: LanguageHere;
}): JSX.Element {
  const { ground, day, hands, handed, words } = props;
  const { language } = words;
  const [isReturning, setReturning] = useState(false);
  const giveBack = (): void => {
    setReturning(true);
  };
  if (isReturning) {
    return (
      <>
        <p class="nhsuk-body-l" lang={language?.locale}>
          {language?.words.giveToStaff ?? "Please give the tablet to a member of staff."}
        </p>
        <Locked ground={ground} day={day} onOpened={hands.takeBack} />
        <div class="app-visitor__return">
          <Button
            kind="secondary"
            onTap={() => {
              setReturning(false);
            }}
          >
            <span lang={language?.locale}>{language?.words.toQuestions ?? "Back to the questions"}</span>
          </Button>
        </div>
      </>
    );
  }
  if (words.isMissing) {
    return <NoWords onAgain={words.again} onGiveBack={giveBack} />;
  }
  return language ? (
    <VisitorScreen
      handed={handed}
      language={language}
      isNotKept={hands.isNotKept}
      onChange={hands.change}
      onFinish={hands.finish}
      onGiveBack={giveBack}
    />
  ) : (
    <p role="status">…</p>
  );
}

const TAKEN =
  "Another window has just set the first PIN of this tablet. Whoever has it can open the tablet, and give you one";

/** `onOpened`: what has to be done before the right PIN leads on; says in words why it does not. */
function Locked({
  ground,
  day,
  onOpened = nothingFirst,
}: {
  ground: Ground;
  day: Day | undefined;
  onOpened?: () => Promise<string | null>;
}): JSX.Element {
  const [people, setPeople] = useState<Somebody[] | null>(null);
  const [isUnread, setUnread] = useState(false);
  const [person, setPerson] = useState<Somebody | null>(null);
  const [isForgotten, setForgotten] = useState(false);
  const { device, devices, lock, recovery } = ground;
  const [isTaken, setTaken] = useState(false);
  useEffect(() => {
    devices.people().then(setPeople, () => {
      setUnread(true);
    });
    // With the day, people who left lose their PIN. Another window may have set the first one.
  }, [devices, day, isTaken]);
  if (people === null) {
    return isUnread ? <Warnings warnings={[notRead()]} isUrgent /> : <p role="status">Opening…</p>;
  }
  if (people.length === 0) {
    return (
      <FirstPerson
        cafeName={device.cafeName}
        staff={staffOf(day)}
        onPin={async (chosen, pin) => {
          if (await lock.setFirstPin(chosen, pin, createDataKey(), device.key, ground.iterations)) {
            return onOpened();
          }
          setTaken(true);
          return TAKEN;
        }}
      />
    );
  }
  if (isForgotten) {
    return (
      <ForgottenPin
        ask={async () => recovery.ask()}
        onPin={async (chosen, pin, raw) => {
          await lock.setPin(chosen, pin, raw, device.key, ground.iterations);
          return onOpened();
        }}
        onBack={() => {
          setForgotten(false);
        }}
      />
    );
  }
  if (!person) {
    return (
      <ChoosePerson
        cafeName={device.cafeName}
        people={people}
        notice={isTaken ? TAKEN : undefined}
        onChoose={setPerson}
      />
    );
  }
  return (
    <EnterPin
      key={person.id}
      title={person.name}
      onPin={async (pin) => {
        const opening = await lock.unlock(person.id, pin, device.key);
        return opening.kind === "open" ? onOpened() : faultOfOpening(opening, ground.now().getTime());
      }}
      onBack={() => {
        setPerson(null);
      }}
      onForgotten={() => {
        setForgotten(true);
      }}
    />
  );
}

async function nothingFirst(): Promise<null> {
  return Promise.resolve(null);
}
