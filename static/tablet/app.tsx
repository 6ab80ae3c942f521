/** The frame of every screen: urgent help and the lock are always in reach, whatever is below. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

import type { Day } from "./day";
import { type Ground, type Weather, staffOf } from "./ground";
import { createDataKey } from "./keys";
import { ChoosePerson, EnterPin, type Somebody, faultOfOpening } from "./screens/lock";
import { Button } from "./screens/parts";
import { FirstPerson } from "./screens/people";
import { Warnings, notRead } from "./screens/status";
import { UrgentHelp } from "./screens/urgent";
import { AtWork } from "./work-screen";

export function App({ ground, weather }: { ground: Ground; weather: Weather }): JSX.Element {
  const [isUrgent, setUrgent] = useState(false);
  const { open } = weather;
  return (
    <>
      <header class="app-top">
        <Button
          kind="warning"
          onTap={() => {
            setUrgent(true);
          }}
        >
          Urgent help
        </Button>
        {open && (
          <Button
            kind="secondary"
            onTap={() => {
              ground.lock.lock();
            }}
          >
            Lock now
          </Button>
        )}
      </header>
      <Warnings warnings={weather.warnings} />
      <main class="app-screen" id="main">
        {isUrgent && (
          <UrgentHelp
            onClose={() => {
              setUrgent(false);
            }}
          />
        )}
        {/* What is being entered stays where it is while somebody looks up a number. */}
        <div hidden={isUrgent}>
          {open ? (
            <AtWork key={open.id} ground={ground} open={open} weather={weather} />
          ) : (
            <Locked ground={ground} day={weather.day} />
          )}
        </div>
      </main>
    </>
  );
}

function Locked({ ground, day }: { ground: Ground; day: Day | undefined }): JSX.Element {
  const [people, setPeople] = useState<Somebody[] | null>(null);
  const [isUnread, setUnread] = useState(false);
  const [person, setPerson] = useState<Somebody | null>(null);
  const { device, devices, lock } = ground;
  useEffect(() => {
    devices.people().then(setPeople, () => {
      setUnread(true);
    });
    // With the day, people who left lose their PIN.
  }, [devices, day]);
  if (people === null) {
    return isUnread ? <Warnings warnings={[notRead()]} isUrgent /> : <p role="status">Opening…</p>;
  }
  if (people.length === 0) {
    return (
      <FirstPerson
        cafeName={device.cafeName}
        staff={staffOf(day)}
        onPin={async (chosen, pin) => {
          await lock.setPin(chosen, pin, createDataKey(), device.key, ground.iterations);
          return null;
        }}
      />
    );
  }
  if (!person) {
    return <ChoosePerson cafeName={device.cafeName} people={people} onChoose={setPerson} />;
  }
  return (
    <EnterPin
      key={person.id}
      title={person.name}
      onPin={async (pin) => {
        const opening = await lock.unlock(person.id, pin, device.key);
        return faultOfOpening(opening, ground.now().getTime());
      }}
      onBack={() => {
        setPerson(null);
      }}
    />
  );
}
