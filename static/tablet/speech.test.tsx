import type { JSX } from "preact";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { Screen } from "./screens/testing";
import { useSpeech, voiceFor } from "./speech";

function voice(lang: string, localService = true): SpeechSynthesisVoice {
  return { lang, localService, name: lang, voiceURI: lang, default: false };
}

describe("a voice", () => {
  it.each([
    ["pl-PL", ["en-GB", "pl-PL"], "pl-PL"],
    ["en-GB", ["en-US", "en_GB"], "en_GB"],
    ["zh-CN", ["zh-TW"], "zh-TW"],
    ["so-SO", ["en-GB", "sw-KE"], undefined],
  ])("for %s among %j is %s", (locale, langs, chosen) => {
    expect(
      voiceFor(
        langs.map((lang) => voice(lang)),
        locale,
      )?.lang,
    ).toBe(chosen);
  });

  it("that sends what it reads to somebody else is not used", () => {
    expect(voiceFor([voice("pl-PL", false)], "pl-PL")).toBeUndefined();
  });
});

class Synthesis extends EventTarget {
  voices: SpeechSynthesisVoice[] = [];
  said: string[] = [];
  cancelled = 0;

  getVoices(): SpeechSynthesisVoice[] {
    return this.voices;
  }

  speak({ text }: { text: string }): void {
    this.said.push(text);
  }

  cancel(): void {
    this.cancelled += 1;
  }
}

function Page({ page }: { page: number }): JSX.Element {
  const { read, isReading, stop } = useSpeech("pl-PL", page);
  return (
    <>
      {read && (
        <button
          onClick={() => {
            if (isReading) {
              stop();
            } else {
              read(["Jeden", "Dwa"]);
            }
          }}
        >
          {isReading ? "Stop" : "Read"}
        </button>
      )}
    </>
  );
}

describe("reading aloud", () => {
  let synthesis: Synthesis;
  let screen: Screen;

  beforeEach(() => {
    synthesis = new Synthesis();
    screen = new Screen();
    Object.assign(window, {
      speechSynthesis: synthesis,
      SpeechSynthesisUtterance: class extends EventTarget {
        constructor(readonly text: string) {
          super();
        }
      },
    });
  });

  afterEach(() => {
    screen.remove();
    Reflect.deleteProperty(window, "speechSynthesis");
    Reflect.deleteProperty(window, "SpeechSynthesisUtterance");
  });

  it("is offered as soon as the device says that it has the voice", async () => {
    screen.show(<Page page={1} />);
    await screen.settle();
    expect(screen.has("Read")).toBe(false);

    synthesis.voices = [voice("pl-PL")];
    synthesis.dispatchEvent(new Event("voiceschanged"));
    await screen.settle();

    screen.tap("Read");
    expect(synthesis.said).toEqual(["Jeden", "Dwa"]);
    expect(screen.has("Stop")).toBe(true);
  });

  it("stops with the page", async () => {
    synthesis.voices = [voice("pl-PL")];
    screen.show(<Page page={1} />);
    await screen.settle();
    screen.tap("Read");
    const before = synthesis.cancelled;

    screen.show(<Page page={2} />);
    await screen.settle();

    expect(synthesis.cancelled).toBe(before + 1);
    expect(screen.has("Read")).toBe(true);
  });

  it("is not offered where there is none", async () => {
    Reflect.deleteProperty(window, "speechSynthesis");
    screen.show(<Page page={1} />);
    await screen.settle();

    expect(screen.root.textContent).toBe("");
  });
});
