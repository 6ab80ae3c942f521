import { afterEach, describe, expect, it } from "vitest";

import { chooseByNumberKeys } from "./number-keys";

let moment = 0;

function scale(): {
  group: HTMLElement;
  chosen: () => string | undefined;
  press: (key: string, after?: number) => void;
} {
  const group = document.createElement("div");
  for (let score = 0; score <= 10; score += 1) {
    const radio = document.createElement("input");
    radio.type = "radio";
    radio.name = "score";
    radio.value = String(score);
    group.append(radio);
  }
  document.body.append(group);
  chooseByNumberKeys(group, () => moment);
  return {
    group,
    chosen: () => group.querySelector<HTMLInputElement>("input:checked")?.value,
    press: (key, after = 5000) => {
      moment += after;
      group
        .querySelector("input")
        ?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    },
  };
}

afterEach(() => {
  document.body.replaceChildren();
});

describe("chooseByNumberKeys", () => {
  it("chooses the radio of the number", () => {
    const { chosen, press } = scale();
    press("7");
    expect(chosen()).toBe("7");
  });

  it("takes 1 and 0 in quick succession for 10, and slowly for 0", () => {
    const { chosen, press } = scale();
    press("1");
    press("0", 100);
    expect(chosen()).toBe("10");
    press("1");
    press("0");
    expect(chosen()).toBe("0");
  });

  it("takes the last number where both together are none", () => {
    const { chosen, press } = scale();
    press("4");
    press("2", 100);
    expect(chosen()).toBe("2");
  });

  it("leaves other keys alone", () => {
    const { chosen, press } = scale();
    press("x");
    press("Enter");
    expect(chosen()).toBeUndefined();
  });
});
