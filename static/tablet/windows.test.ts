// @vitest-environment node
import { expect, it, vi } from "vitest";

import { type Told, Windows } from "./windows";

it("tells the other windows, and not the one that said it", async () => {
  const [mine, theirs]: [Told[], Told[]] = [[], []];
  const one = new Windows((told) => mine.push(told));
  const other = new Windows((told) => theirs.push(told));

  one.tell({ kind: "saved" });
  one.tell({ kind: "sending", standing: { kind: "waiting", until: 1, why: "status 500" }, missing: [3] });

  await vi.waitFor(() => {
    expect(theirs).toHaveLength(2);
  });
  expect(theirs[1]).toEqual({
    kind: "sending",
    standing: { kind: "waiting", until: 1, why: "status 500" },
    missing: [3],
  });
  expect(mine).toEqual([]);
  one.close();
  other.close();
});
