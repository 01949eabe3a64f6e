/** What is generated and committed is what its sources give: the schemas' code, and the compiled modules. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "..");
/** All modules are compiled, on a machine that may be doing other things too. */
const REBUILD_MS_MAX = 240_000;

test.each(["schemas/generate.mjs", "wasm/build.mjs"])(
  "%s makes the committed bytes again",
  (script) => {
    const { status, stderr, stdout } = spawnSync(process.execPath, [script, "--check"], {
      cwd: ROOT,
      encoding: "utf8",
    });
    expect(status, `${stdout}${stderr}\nrun: node ${script}`).toBe(0);
  },
  REBUILD_MS_MAX,
);
