import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { EnrolScreen } from "./enrol";
import { Screen } from "./testing";

let screen: Screen;
let tried: string[];

beforeEach(() => {
  screen = new Screen();
  tried = [];
});

afterEach(() => {
  screen.remove();
});

function show(code: string, answer: string | null): void {
  screen.show(
    <EnrolScreen
      code={code}
      onCode={async (given) => {
        tried.push(given);
        return Promise.resolve(answer);
      }}
    />,
  );
}

describe("setting up a tablet", () => {
  it("takes the code of the address without typing", async () => {
    show("abc", null);

    screen.tap("Next");
    expect(screen.heading).toBe("Setting up this tablet");
    await screen.settle();

    expect(tried).toEqual(["abc"]);
  });

  it("says what went wrong, and keeps what was typed", async () => {
    show("", "This link was used. Ask for a new one");
    screen.type("https://example.org/tablet/#abc");

    screen.tap("Next");
    await screen.settle();

    expect(screen.alert).toContain("Ask for a new one");
    expect(screen.field().value).toBe("https://example.org/tablet/#abc");
    expect(tried).toEqual(["abc"]);
  });

  it("asks nothing of the server without a code", () => {
    show("", null);

    screen.tap("Next");

    expect(screen.alert).toContain("Enter the code");
    expect(tried).toEqual([]);
  });
});
