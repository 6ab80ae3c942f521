/** What to do when somebody is in danger: the same on every screen, locked or not, without a connection. */
import type { JSX } from "preact";

import { Button, Heading } from "./parts";

export function UrgentHelp({ onClose }: { onClose: () => void }): JSX.Element {
  return (
    <>
      <Heading name="urgent">Urgent help</Heading>
      <section class="app-help">
        <h2 class="nhsuk-heading-m">Somebody is in danger now</h2>
        <p class="app-help__number">
          <a href="tel:999">Call 999</a>
        </p>
        <p>Stay with them if you can do so safely. Move other people away.</p>
      </section>
      <section class="app-help app-help--soon">
        <h2 class="nhsuk-heading-m">They need urgent mental health help</h2>
        <p class="app-help__number">
          <a href="tel:08088003302">Call 0808 800 3302</a>
        </p>
        <p>
          This is the Central Access Point, day and night. Anybody may call, and the person may call
          themselves.
        </p>
      </section>
      <p>Write it down afterwards. What you have entered is kept.</p>
      <Button onTap={onClose}>Go back</Button>
    </>
  );
}
