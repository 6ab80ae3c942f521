/**
 * A tablet that is enrolled, running: it sends, listens for what changes, asks the server for the day, and locks by
 * itself. It draws nothing; whoever draws is told what changed.
 */
import { fromBase64Url } from "./bytes";
import type { Database } from "./database";
import { type Day, askDay } from "./day";
import { type DeviceStore, tokenOf } from "./device";
import { saveFile } from "./export";
import type { Ground, Weather } from "./ground";
import { Journal } from "./journal";
import { Lock } from "./lock";
import { DAY } from "./names";
import type { Outbox, Status } from "./outbox";
import { Recovery } from "./recovery";
import type { Device } from "./schema";
import { Sealer } from "./sealing";
import { notRead, standingWarnings } from "./screens/status";
import { createOutbox } from "./sending";
import { Store } from "./store";
import { type Told, Windows } from "./windows";

const SECOND = 1000;
/** Sending makes way for saying that it is saved. */
const AFTER_SAVE_MS = 100;

/** What of the browser it needs; a test gives its own clock and network. */
export interface Surroundings {
  database: Database;
  appVersion: string;
  fetcher: typeof fetch;
  locks: Pick<LockManager, "request">;
  storage: Pick<StorageManager, "persisted" | "estimate">;
  now: () => Date;
  isOnline: () => boolean;
  /** Have the browser send when there is a connection again, should the app be closed by then. */
  askForLater?: () => void;
  /** How a file reaches the person; the browser's own way where it is left out. */
  saveFile?: (name: string, text: string) => void;
  iterations?: number;
}

export class Running {
  private readonly stop = new AbortController();
  private status: Status = {
    saved: 0,
    sent: 0,
    attention: 0,
    quarantined: 0,
    standing: { kind: "idle" },
    lastSentAt: null,
    missing: [],
  };
  private day: Day | undefined;
  private isPersistent = true;
  private freeBytes: number | null = null;
  private isUnread = false;
  private readonly windows: Windows;

  private constructor(
    readonly ground: Ground,
    private readonly outbox: Outbox,
    private readonly around: Surroundings,
    private readonly onChange: () => void,
  ) {
    this.windows = new Windows((told) => {
      this.hearOfAnother(told);
    });
  }

  static async start(
    device: Device,
    devices: DeviceStore,
    around: Surroundings,
    onChange: () => void,
  ): Promise<Running> {
    const { database, appVersion, fetcher, locks, storage, now } = around;
    const store = new Store(database, () => now().getTime());
    const sealer = await Sealer.create(device.cafeId, device.deviceId, fromBase64Url(device.serverKey));
    // Each is told of by the others; what begins before all of them stand begins below.
    const started: { running?: Running } = {};
    const outbox = await createOutbox({
      device,
      store,
      appVersion,
      fetcher,
      locks,
      storage,
      now,
      onChange: (status) => started.running?.heard(status),
      onTrouble: () => started.running?.noteTrouble(),
    });
    const recovery = new Recovery(device, devices, fetcher);
    const lock = new Lock(
      devices,
      (open) => {
        onChange();
        if (open) {
          // Somebody looks at it: what waits is tried now, whatever wait the last failure led to.
          started.running?.wake();
        } else {
          started.running?.inBackground(async (running) => running.clear());
        }
      },
      () => now().getTime(),
      async (raw) => recovery.offer(raw),
    );
    const journal = new Journal(
      store,
      sealer,
      device.cafeId,
      () => lock.open,
      () => {
        around.askForLater?.();
        started.running?.windows.tell({ kind: "saved" });
        started.running?.inBackground(async (running) => running.refresh());
        setTimeout(() => {
          outbox.nudge();
        }, AFTER_SAVE_MS);
      },
      now,
    );
    const ground: Ground = {
      device,
      devices,
      store,
      journal,
      lock,
      recovery,
      now,
      appVersion,
      saveFile: around.saveFile ?? saveFile,
      ...(around.iterations === undefined ? {} : { iterations: around.iterations }),
    };
    const running = new Running(ground, outbox, around, onChange);
    started.running = running;
    running.day = (await devices.day())?.day;
    await running.refresh();
    return running;
  }

  /** Send, ask and lock until {@link close}. */
  run(): void {
    void this.outbox.run(this.stop.signal);
    this.inBackground(async () => this.ask());
    this.inBackground(async () => this.clear());
    const timer = setInterval(() => {
      this.ground.lock.lockWhenIdle();
    }, SECOND);
    this.stop.signal.addEventListener("abort", () => {
      clearInterval(timer);
    });
  }

  close(): void {
    this.stop.abort();
    this.windows.close();
  }

  /** The network is back, or somebody looks at the tablet again. */
  wake(): void {
    this.ground.lock.lockWhenIdle();
    this.outbox.nudge();
    this.inBackground(async () => this.ask());
    this.inBackground(async () => this.refresh());
  }

  weather(): Weather {
    const { status, day, isPersistent, freeBytes } = this;
    const { standing, missing } = status;
    return {
      open: this.ground.lock.open,
      status,
      isOnline: this.around.isOnline(),
      warnings: [
        ...(this.isUnread ? [notRead()] : []),
        ...standingWarnings({ isPersistent, freeBytes, standing, missing }),
      ],
      day,
    };
  }

  /** Ask the server for the day; what it says is kept for when there is no network. */
  async ask(): Promise<void> {
    const { device, devices, store } = this.ground;
    const before = await devices.day();
    const told = await askDay(DAY, await tokenOf(device), before, this.around.fetcher);
    if (told.kind !== "told") {
      return;
    }
    const { day } = told.kept;
    await store.noteSettled(day.records.filter(({ state }) => state !== "attention"));
    await this.dropThoseWhoLeft(day);
    await devices.keepDay(told.kept);
    this.day = day;
    await this.refresh();
  }

  /** Whoever may no longer open this tablet has no PIN here any more, and is locked out of it at once. */
  private async dropThoseWhoLeft({ people }: Day): Promise<void> {
    const { devices, lock } = this.ground;
    const staying = new Set(people.map(({ user_id }) => user_id));
    for (const { id } of await devices.people()) {
      if (!staying.has(id)) {
        await devices.removePerson(id);
        if (lock.open?.id === id) {
          lock.lock();
        }
      }
    }
  }

  /** The outbox says how it stands. What it has just brought to the server may be the last of an evening. */
  private heard(status: Status): void {
    this.tell(status);
    const { standing, missing } = status;
    this.windows.tell({ kind: "sending", standing, missing });
    if (status.standing.kind === "idle" && status.sent > 0) {
      this.inBackground(async () => this.clear());
    }
  }

  /** Another window of this tablet saved something, or sends for this one too. */
  private hearOfAnother(told: Told): void {
    if (told.kind === "saved") {
      this.outbox.nudge();
    } else {
      this.outbox.overhear(told.standing, told.missing);
    }
    this.inBackground(async () => this.refresh());
  }

  /** Let evenings go that are over and at the server, once nobody is looking at them. */
  private async clear(): Promise<void> {
    if (!this.ground.lock.open && (await this.ground.store.clearClosed()) > 0) {
      await this.refresh();
    }
  }

  private async refresh(): Promise<void> {
    const { storage } = this.around;
    const { quota, usage } = await storage.estimate();
    this.freeBytes = quota === undefined || usage === undefined ? null : quota - usage;
    this.isPersistent = await storage.persisted();
    this.tell(await this.outbox.status());
  }

  /** What nobody waits for: that it failed is on the screen until the store answers again. */
  private inBackground(task: (running: this) => Promise<void>): void {
    task(this).catch(() => {
      this.noteTrouble();
    });
  }

  private noteTrouble(): void {
    this.isUnread = true;
    this.onChange();
  }

  private tell(status: Status): void {
    this.isUnread = false;
    this.status = status;
    this.onChange();
  }
}
