/** The words of the language in which somebody is being asked, fetched when they are needed. */
import { useCallback, useEffect, useState } from "preact/hooks";

import { type Language, loadLanguage } from "./languages";

export interface LanguageHere {
  language: Language | null;
  /** They could not be had. */
  isMissing: boolean;
  again: () => void;
}

export function useWords(code: string | undefined): LanguageHere {
  const [loaded, setLoaded] = useState<{ code: string; language: Language | null } | null>(null);
  const [tries, setTries] = useState(0);
  useEffect(() => {
    let isWanted = true;
    if (code !== undefined) {
      const take = (language: Language | null): void => {
        if (isWanted) {
          setLoaded({ code, language });
        }
      };
      loadLanguage(code).then(take, () => {
        take(null);
      });
    }
    return () => {
      isWanted = false;
    };
  }, [code, tries]);
  const again = useCallback((): void => {
    setLoaded(null);
    setTries((before) => before + 1);
  }, []);
  const here = loaded?.code === code ? loaded : null;
  return { language: here?.language ?? null, isMissing: here !== null && here.language === null, again };
}
