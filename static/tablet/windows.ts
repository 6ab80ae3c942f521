/**
 * What the windows of the app on one tablet tell each other. One of them sends for all: it hears that another one saved a
 * record, and the others hear how sending stands. Without it a second window would show counts of long ago.
 */
import type { Standing } from "./outbox";

const CHANNEL = "sutg-tablet-windows";

/** `saved`: a record was saved in another window. `sending`: how it stands, as the window that sends says. */
export type Told = { kind: "saved" } | { kind: "sending"; standing: Standing; missing: readonly number[] };

export class Windows {
  private readonly channel = new BroadcastChannel(CHANNEL);

  constructor(onTold: (told: Told) => void) {
    this.channel.addEventListener("message", ({ data }: MessageEvent<Told>) => {
      onTold(data);
    });
  }

  tell(told: Told): void {
    this.channel.postMessage(told);
  }

  close(): void {
    this.channel.close();
  }
}
