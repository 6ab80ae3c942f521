/** Handing the tablet over and taking it back: what happens to the answers meanwhile. */
import { useCallback, useEffect, useRef, useState } from "preact/hooks";

import { NotStored } from "./database";
import type { Ground } from "./ground";
import { HANDED_DRAFT, type Handed, done, givenIn, givenInWords, handTo } from "./handed";

export interface Hands {
  /** Undefined until it was read; null while the staff have the tablet. */
  handed: Handed | null | undefined;
  /** The store does not say in whose hands the tablet is. */
  isUnread: boolean;
  /** What was tapped last could not be kept; it is still on the screen. */
  isNotKept: boolean;
  /** What staff are told after they took it back. */
  told: string;
  handOver: (session: string, visit: string, language: string) => Promise<void>;
  change: (handed: Handed) => void;
  finish: () => void;
  /** After the PIN: seal what was answered, and leave nothing of it here. What went wrong, in words; null when it is done. */
  takeBack: () => Promise<string | null>;
}

/** Other windows of the app on this tablet hear by it that it changed hands. */
const CHANNEL = "sutg-tablet-hands";
const NOT_SAVED =
  "What the visitor answered could not be saved, and is kept here. Make room on the tablet or restart it, and try again";

export function useHands(ground: Ground): Hands {
  const { device, devices, journal, lock } = ground;
  const [handed, setHanded] = useState<Handed | null | undefined>(undefined);
  const [isUnread, setUnread] = useState(false);
  const [isNotKept, setNotKept] = useState(false);
  const [told, setTold] = useState("");
  useEffect(() => {
    draftOf(ground).then(setHanded, () => {
      setUnread(true);
    });
  }, [ground]);

  const tell = useOtherWindows(() => {
    // Whoever had that one open is not who holds the tablet now.
    lock.lock();
    draftOf(ground).then(setHanded, () => {
      setUnread(true);
    });
  });

  const keep = useCallback(
    async (next: Handed): Promise<void> => {
      await devices.keepDraft(HANDED_DRAFT, next, device.key);
    },
    [devices, device],
  );
  const lastSeal = useRef<Promise<unknown>>(Promise.resolve());
  /** The answers as a record; once, however often and however fast it is tapped. */
  const seal = async ({ id, session, visit, answers, isDone }: Handed): Promise<void> => {
    if (!isDone && Object.keys(answers).length > 0) {
      const give = async (): Promise<unknown> => journal.giveAnswers(session, visit, answers, id);
      const mine = lastSeal.current.then(give, give);
      lastSeal.current = mine;
      await mine;
    }
  };
  const noteTrouble = (): void => {
    setNotKept(true);
  };
  return {
    handed,
    isUnread,
    isNotKept,
    told,
    handOver: async (session, visit, language) => {
      const next = handTo(session, visit, language);
      await keep(next);
      // Shown first: between the two nobody may see the screen of a tablet that is merely locked.
      setHanded(next);
      setTold("");
      lock.lock();
      tell();
    },
    change: (next) => {
      setHanded(next);
      setNotKept(false);
      keep(next).catch(noteTrouble);
    },
    finish: () => {
      const finishing = async (): Promise<void> => {
        if (handed && !handed.isDone) {
          await seal(handed);
          const ended = done(handed);
          await keep(ended);
          setHanded(ended);
          setNotKept(false);
        }
      };
      finishing().catch(noteTrouble);
    },
    takeBack: async () => {
      try {
        if (handed) {
          await seal(handed);
          await devices.clearDraft(HANDED_DRAFT);
          setTold(givenInWords(handed.isDone ? handed.given : givenIn(handed)));
        }
        setHanded(null);
        setNotKept(false);
        tell();
        return null;
      } catch {
        lock.lock();
        return NOT_SAVED;
      }
    },
  };
}

/** Tells the other windows; `onTold` when one of them did. */
function useOtherWindows(onTold: () => void): () => void {
  const channel = useRef<BroadcastChannel | null>(null);
  const last = useRef(onTold);
  last.current = onTold;
  useEffect(() => {
    const opened = new BroadcastChannel(CHANNEL);
    opened.addEventListener("message", () => {
      last.current();
    });
    channel.current = opened;
    return () => {
      opened.close();
    };
  }, []);
  return () => channel.current?.postMessage("");
}

/** A store that does not answer is not one that says the staff have the tablet. */
async function draftOf({ device, devices }: Ground): Promise<Handed | null> {
  try {
    return ((await devices.draft(HANDED_DRAFT, device.key)) as Handed | undefined) ?? null;
  } catch (error) {
    if (error instanceof NotStored) {
      throw error;
    }
    // Damaged: it can be shown to nobody, and must not keep the tablet from everybody.
    return null;
  }
}
