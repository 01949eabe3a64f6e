/**
 * `npm run crash -- [--kills N] [--seed S] [--durability durable|fast] [--json]`: kills a trading engine again and
 * again, and holds what it makes of that against the truth of the venue.
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { root, runBundled } from "./bundle.mjs";

const builder = join(root, "cli", "build.mjs");
const { status } = spawnSync(process.execPath, [builder, "--if-changed"], { stdio: ["ignore", 2, 2] });
if (status === 0) await runBundled("kill/command.ts");
else {
  process.stderr.write("crash: the build failed; see the messages above\n");
  process.exitCode = 1;
}
