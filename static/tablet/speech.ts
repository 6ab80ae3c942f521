/**
 * Reading aloud by the device's own voices. Only a voice that works here, without sending what is read to anybody, and
 * in the language that is read: a text in a wrong voice cannot be understood.
 */
import { useCallback, useEffect, useState } from "preact/hooks";

/** A voice of this language; the same country's first. */
export function voiceFor(
  voices: readonly SpeechSynthesisVoice[],
  locale: string,
): SpeechSynthesisVoice | undefined {
  const local = voices.filter(({ localService }) => localService);
  const [language] = locale.split("-");
  return (
    local.find(({ lang }) => tagOf(lang) === locale) ??
    local.find(({ lang }) => tagOf(lang).split("-")[0] === language)
  );
}

/** Android writes en_GB. */
function tagOf(lang: string): string {
  return lang.replace("_", "-");
}

export interface Speech {
  /** Null where this device has no voice for it. */
  read: ((sentences: readonly string[]) => void) | null;
  isReading: boolean;
  stop: () => void;
}

/** `page`: what is being read belongs to it, and stops with it. */
export function useSpeech(locale: string, page: unknown): Speech {
  const synthesis = "speechSynthesis" in window ? window.speechSynthesis : null;
  const [voice, setVoice] = useState<SpeechSynthesisVoice | undefined>(undefined);
  const [isReading, setReading] = useState(false);
  useEffect(() => {
    if (!synthesis) {
      return undefined;
    }
    // A browser may know its voices only some time after it was asked for them.
    const look = (): void => {
      setVoice(voiceFor(synthesis.getVoices(), locale));
    };
    look();
    synthesis.addEventListener("voiceschanged", look);
    return () => {
      synthesis.removeEventListener("voiceschanged", look);
    };
  }, [synthesis, locale]);
  const stop = useCallback((): void => {
    synthesis?.cancel();
    setReading(false);
  }, [synthesis]);
  useEffect(() => stop, [stop, page]);
  const read = (sentences: readonly string[]): void => {
    stop();
    setReading(true);
    sentences.forEach((sentence, index) => {
      const utterance = new SpeechSynthesisUtterance(sentence);
      utterance.voice = voice ?? null;
      utterance.lang = locale;
      if (index === sentences.length - 1) {
        utterance.addEventListener("end", () => {
          setReading(false);
        });
      }
      synthesis?.speak(utterance);
    });
  };
  return { read: voice ? read : null, isReading, stop };
}
