/** From an empty browser to a café's tablet: what is shown before, and whatever runs afterwards. */
import type { JSX } from "preact";
import { useCallback, useEffect, useState } from "preact/hooks";

import { App } from "./app";
import { DeviceStore, EnrolledAlready } from "./device";
import { exchangeCode } from "./enrolment";
import { Frame } from "./frame";
import { createDeviceKey } from "./keys";
import { ENROL } from "./names";
import { Running, type Surroundings } from "./running";
import type { Device } from "./schema";
import { EnrolScreen } from "./screens/enrol";
import { Heading } from "./screens/parts";

const OTHER_CAFE =
  "This tablet belongs to another café, and may hold records of it. Ask your manager to enrol it there again";

type Standing = { at: "starting" } | { at: "new" } | { at: "closed" } | { at: "running"; running: Running };

/** `code`: what the address brought. `askToStay` asks the browser not to throw the store away. */
export function Tablet(props: {
  around: Surroundings;
  code: string;
  askToStay: () => Promise<boolean>;
  /** Told whenever something changed, above all that the tablet was opened or locked. */
  onChange?: (running: Running) => void;
}): JSX.Element {
  const { around, onChange } = props;
  const [standing, setStanding] = useState<Standing>({ at: "starting" });
  const [, draw] = useState(0);
  const [devices] = useState(() => new DeviceStore(around.database, () => around.now().getTime()));

  const start = useCallback(
    async (device: Device): Promise<void> => {
      const changed = (): void => {
        draw((times) => times + 1);
        if (started.running) {
          onChange?.(started.running);
        }
      };
      const started: { running?: Running } = {};
      const running = await Running.start(device, devices, around, changed);
      started.running = running;
      onChange?.(running);
      setStanding({ at: "running", running });
      running.run();
    },
    [devices, around, onChange],
  );
  useEffect(() => {
    if (standing.at !== "running") {
      return undefined;
    }
    const { running } = standing;
    const touch = (): void => {
      running.ground.lock.touch();
    };
    const wake = (): void => {
      running.wake();
    };
    const touches = ["pointerdown", "keydown"] as const;
    const wakes = [
      [window, "online"],
      [window, "offline"],
      [document, "visibilitychange"],
    ] as const;
    touches.forEach((event) => {
      document.addEventListener(event, touch);
    });
    wakes.forEach(([target, event]) => {
      target.addEventListener(event, wake);
    });
    return () => {
      touches.forEach((event) => {
        document.removeEventListener(event, touch);
      });
      wakes.forEach(([target, event]) => {
        target.removeEventListener(event, wake);
      });
      running.close();
    };
  }, [standing]);
  useEffect(() => {
    devices
      .device()
      .then(async (device) => {
        if (device) {
          await start(device);
        } else {
          setStanding({ at: "new" });
        }
      })
      .catch(() => {
        setStanding({ at: "closed" });
      });
  }, [devices, start]);

  const enrol = async (code: string): Promise<string | null> => {
    const enrolled = await exchangeCode(ENROL, code, around.fetcher);
    if (enrolled.kind !== "enrolled") {
      return enrolled.reason;
    }
    try {
      const device = await devices.enrol(enrolled.enrolment, await createDeviceKey());
      await props.askToStay();
      await start(device);
      return null;
    } catch (error) {
      return error instanceof EnrolledAlready
        ? OTHER_CAFE
        : "This browser cannot keep anything. Leave the private window, make room, and ask for a new code";
    }
  };

  switch (standing.at) {
    case "starting":
      return <p role="status">Opening…</p>;
    case "new":
      return (
        <Frame>
          <EnrolScreen code={props.code} onCode={enrol} />
        </Frame>
      );
    case "closed":
      return (
        <Frame>
          <Heading name="closed">The tablet’s storage does not open</Heading>
          <p>
            Record on paper now. Restart the tablet; if it says so again, ask your manager. Do not clear
            anything.
          </p>
        </Frame>
      );
    case "running":
      return <App ground={standing.running.ground} weather={standing.running.weather()} />;
  }
}
