/**
 * What this tablet is: where it was enrolled, and who opens it. There is one device and it is never replaced while
 * records wait under its keys.
 */
import { type Bytes, toBytes, toText } from "./bytes";
import type { Database } from "./database";
import { decrypt, encrypt } from "./keys";
import type { Device, KeptDay, Person } from "./schema";

/** What the server answers to an enrolment, with the secrets as they came. */
export interface Enrolment {
  deviceId: string;
  cafeId: string;
  cafeName: string;
  serverKey: string;
  receiptKey: Bytes;
  token: string;
}

/** Which session is open here, kept as a draft is: under the data key. */
export const SESSION_DRAFT = "session";

/** This tablet has been enrolled before: its records are sealed for that device, and have to be sent as it. */
export class EnrolledAlready extends Error {
  override name = "EnrolledAlready";
}

export class DeviceStore {
  private lastDraft: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly now: () => number = Date.now,
  ) {}

  async device(): Promise<Device | undefined> {
    return this.database.use((database) => database.get("device", "this"));
  }

  /**
   * Keep an enrolment. The same device may be enrolled anew, which changes its token and its keys of receipts and leaves
   * everything else; {@link EnrolledAlready} for another one.
   */
  async enrol(enrolment: Enrolment, key: CryptoKey): Promise<Device> {
    const { deviceId, cafeId, cafeName, serverKey } = enrolment;
    const there = await this.device();
    if (there && there.deviceId !== deviceId) {
      throw new EnrolledAlready("This tablet is enrolled as another device.");
    }
    const held = there?.key ?? key;
    const [token, receiptKey] = await Promise.all([
      encrypt(held, toBytes(enrolment.token), `token ${deviceId}`),
      encrypt(held, enrolment.receiptKey, `receipts ${deviceId}`),
    ]);
    const device: Device = {
      deviceId,
      cafeId,
      cafeName,
      serverKey,
      key: held,
      token,
      receiptKey,
      enrolledAt: there?.enrolledAt ?? this.now(),
    };
    return this.database.write(["device"], async (transaction) => {
      const devices = transaction.objectStore("device");
      // Two tabs with two codes: the second must not take the first one's place.
      const first = await devices.get("this");
      if (first && first.deviceId !== deviceId) {
        throw new EnrolledAlready("This tablet is enrolled as another device.");
      }
      await devices.put(device, "this");
      return device;
    });
  }

  async noteShareKept(): Promise<void> {
    await this.database.write(["device"], async (transaction) => {
      const devices = transaction.objectStore("device");
      const device = await devices.get("this");
      if (device) {
        await devices.put({ ...device, isShareKept: true }, "this");
      }
    });
  }

  /** What the server last said of the café. */
  async day(): Promise<KeptDay | undefined> {
    return this.database.use((database) => database.get("day", "this"));
  }

  async keepDay(day: KeptDay): Promise<void> {
    await this.database.write(["day"], (transaction) => transaction.objectStore("day").put(day, "this"));
  }

  /** Everyone who has a PIN here, by name. */
  async people(): Promise<Person[]> {
    const people = await this.database.use((database) => database.getAll("people"));
    return people.sort((a, b) => a.name.localeCompare(b.name, "en-GB"));
  }

  async person(id: string): Promise<Person | undefined> {
    return this.database.use((database) => database.get("people", id));
  }

  async keepPerson(person: Person): Promise<void> {
    await this.database.write(["people"], (transaction) => transaction.objectStore("people").put(person));
  }

  /**
   * Keep the first person of this tablet: false where there is one already, and then nothing is kept. Of two windows that
   * choose the first PIN at the same moment the second would otherwise have a data key of its own.
   */
  async keepFirst(person: Person): Promise<boolean> {
    return this.database.write(["people"], async (transaction) => {
      const people = transaction.objectStore("people");
      const isFirst = (await people.count()) === 0;
      if (isFirst) {
        await people.put(person);
      }
      return isFirst;
    });
  }

  /** Take somebody's PIN away. The data key stays under everyone else's, and under the recovery share. */
  async removePerson(id: string): Promise<void> {
    await this.database.write(["people"], (transaction) => transaction.objectStore("people").delete(id));
  }

  /** Write a try down before it is made. Undefined for somebody who has no PIN here. */
  async countTry(id: string): Promise<Person | undefined> {
    return this.database.write(["people"], async (transaction) => {
      const people = transaction.objectStore("people");
      const person = await people.get(id);
      if (person) {
        person.wrongTries += 1;
        person.lastTriedAt = this.now();
        await people.put(person);
      }
      return person;
    });
  }

  async forgiveTries(id: string): Promise<void> {
    await this.database.write(["people"], async (transaction) => {
      const people = transaction.objectStore("people");
      const person = await people.get(id);
      if (person) {
        await people.put({ ...person, wrongTries: 0 });
      }
    });
  }

  /** Keep what is being entered. `name` says which form; there is one draft of each. */
  async keepDraft(name: string, value: unknown, dataKey: CryptoKey): Promise<void> {
    const text = JSON.stringify(value);
    await this.afterLastDraft(async () => {
      const sealed = await encrypt(dataKey, toBytes(text), `draft ${name}`);
      await this.database.write(["drafts"], (transaction) =>
        transaction.objectStore("drafts").put(sealed, name),
      );
    });
  }

  async draft(name: string, dataKey: CryptoKey): Promise<unknown> {
    const sealed = await this.database.use((database) => database.get("drafts", name));
    return sealed && (JSON.parse(toText(await decrypt(dataKey, sealed, `draft ${name}`))) as unknown);
  }

  /** Whether something is kept that somebody began and did not save; which session is open is no such thing. */
  async hasHalfEntered(): Promise<boolean> {
    const names = await this.database.use((database) => database.getAllKeys("drafts"));
    return names.some((name) => name !== SESSION_DRAFT);
  }

  /** Since when a new version of the app is held back: since `now` where that is not kept, or lies in the future. */
  async heldBackSince(now: number): Promise<number> {
    return this.database.write(["meta"], async (transaction) => {
      const meta = transaction.objectStore("meta");
      const kept = await meta.get("heldBackSince");
      if (kept !== undefined && kept <= now) {
        return kept;
      }
      await meta.put(now, "heldBackSince");
      return now;
    });
  }

  async endHoldingBack(): Promise<void> {
    if ((await this.database.use((database) => database.get("meta", "heldBackSince"))) !== undefined) {
      await this.database.write(["meta"], (transaction) =>
        transaction.objectStore("meta").delete("heldBackSince"),
      );
    }
  }

  async clearDraft(name: string): Promise<void> {
    await this.afterLastDraft(() =>
      this.database.write(["drafts"], (transaction) => transaction.objectStore("drafts").delete(name)),
    );
  }

  /** In the order of the taps: encrypting takes its time, and an older answer must not come to lie over a newer one. */
  private async afterLastDraft(task: () => Promise<void>): Promise<void> {
    const mine = this.lastDraft.then(task, task);
    this.lastDraft = mine;
    await mine;
  }
}

export async function tokenOf(device: Device): Promise<string> {
  return toText(await decrypt(device.key, device.token, `token ${device.deviceId}`));
}

export async function receiptKeyOf(device: Device): Promise<Bytes> {
  return decrypt(device.key, device.receiptKey, `receipts ${device.deviceId}`);
}
