/**
 * A forgotten PIN. The data key, under this browser's device key, lies at the server, which cannot use it; nothing of it
 * stays here. It is deposited whenever somebody opens the tablet until the server has said that it keeps it, because only
 * then is the data key at hand. It comes back once, for one person whom a manager allowed a new PIN.
 */
import { type Bytes, fromBase64Url, toBase64Url } from "./bytes";
import { type DeviceStore, tokenOf } from "./device";
import { fromRecoveryShare, recoveryShare } from "./keys";
import { DEPOSIT, RECOVER } from "./names";
import type { Device } from "./schema";

/** `raw` is the data key, to be wiped; `person` is who may set a new PIN. */
export type Recovering =
  { kind: "allowed"; person: { id: string; name: string }; raw: Bytes } | { kind: "refused"; reason: string };

const NOT_REACHED =
  "The server could not be reached. A new PIN needs a connection. Try again when there is one";
const NOT_OURS =
  "What the server keeps does not open this tablet. Ask your manager to set the tablet up again";
const TIMEOUT_MS = 30_000;

export class Recovery {
  constructor(
    private readonly device: Device,
    private readonly devices: DeviceStore,
    private readonly fetcher: typeof fetch,
  ) {}

  /** Have the server keep the share, unless it does. The answer is waited for by nobody; without one, the next time. */
  async offer(raw: Bytes): Promise<void> {
    const device = await this.devices.device();
    if (device && !device.isShareKept) {
      const share = await recoveryShare(raw, this.device.key);
      void this.deposit({ iv: toBase64Url(share.iv), data: toBase64Url(share.data) });
    }
  }

  /** Ask for the share back. What went wrong is said in words for whoever stands there. */
  async ask(): Promise<Recovering> {
    try {
      const response = await this.post(RECOVER, {});
      const body: unknown = await response.json();
      if (response.ok && isRecovery(body)) {
        const share = { iv: fromBase64Url(body.iv).buffer, data: fromBase64Url(body.data).buffer };
        const raw = await fromRecoveryShare(share, this.device.key).catch(() => null);
        return raw
          ? { kind: "allowed", person: { id: body.user_id, name: body.name }, raw }
          : { kind: "refused", reason: NOT_OURS };
      }
      return { kind: "refused", reason: (response.status === 422 && detailOf(body)) || NOT_REACHED };
    } catch {
      return { kind: "refused", reason: NOT_REACHED };
    }
  }

  private async deposit(share: { iv: string; data: string }): Promise<void> {
    try {
      const response = await this.post(DEPOSIT, share);
      if (response.status === 204) {
        await this.devices.noteShareKept();
      }
    } catch {
      // Offered again when somebody opens the tablet next.
    }
  }

  private async post(address: string, body: unknown): Promise<Response> {
    return this.fetcher(address, {
      method: "POST",
      headers: {
        authorization: `Tablet ${await tokenOf(this.device)}`,
        "content-type": "application/json",
      },
      body: JSON.stringify(body),
      cache: "no-store",
      credentials: "omit",
      redirect: "error",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  }
}

interface Given {
  iv: string;
  data: string;
  user_id: string;
  name: string;
}

function isRecovery(body: unknown): body is Given {
  const names = ["iv", "data", "user_id", "name"] as const;
  return (
    typeof body === "object" &&
    body !== null &&
    names.every((name) => typeof (body as Record<string, unknown>)[name] === "string")
  );
}

function detailOf(body: unknown): string | null {
  const detail =
    typeof body === "object" && body !== null ? (body as Record<string, unknown>)["detail"] : null;
  return typeof detail === "string" && detail ? detail : null;
}
