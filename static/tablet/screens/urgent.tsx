/** What to do when somebody is in danger: the same on every screen, locked or not, without a connection. */
import type { JSX } from "preact";

import { Button, Heading } from "./parts";

export function UrgentHelp({ onClose }: { onClose: () => void }): JSX.Element {
  return (
    <>
      <Heading name="urgent">Urgent help</Heading>
      <section class="nhsuk-card nhsuk-card--emergency">
        <h2 class="nhsuk-card__heading">Somebody is in danger now</h2>
        <p>
          Call <a href="tel:999">999</a>.
        </p>
        <p>Stay with them if you can do so safely. Move other people away.</p>
      </section>
      <section class="nhsuk-card nhsuk-card--urgent">
        <h2 class="nhsuk-card__heading">They need urgent mental health help</h2>
        <p>
          Call the Central Access Point on <a href="tel:08088003302">0808 800 3302</a>, day or night. Anybody
          may call, and the person may call themselves.
        </p>
      </section>
      <p>Write it down afterwards. What you have entered is kept.</p>
      <Button onTap={onClose}>Go back</Button>
    </>
  );
}
