/**
 * The schemas of the last release, kept beside today's: `released/*.fbs` as they were, and `released/golden.json` with
 * the version and one frame of every message. Nothing writes there but a release.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { breaksBetween } from "./breaks.mjs";
import { encode, goldenFrames } from "./golden.mjs";
import { parseSchemas, readSchemas } from "./model.mjs";

/** What `folder` holds of the last release, or null before the first. */
export function readReleased(folder) {
  const path = join(folder, "released", "golden.json");
  if (!existsSync(path)) return null;
  const { version, frames } = JSON.parse(readFileSync(path, "utf8"));
  return { version, frames, model: parseSchemas(readSchemas(join(folder, "released"))) };
}

/** What today's schemas would misread of the release's bytes; empty when every old frame keeps its meaning. */
export function faultsAgainst(released, model) {
  const breaks = breaksBetween(released.model, model);
  return breaks.length > 0 ? breaks : frameFaults(released, model);
}

/** Equal schemas make equal bytes, unless the stock builder lays them out otherwise than it did. */
function frameFaults({ frames }, model) {
  return Object.entries(frames).flatMap(([name, frame]) => {
    const table = model.tables.find((each) => each.name === name);
    const hex = encode(table, model, frame);
    return hex === frame.hex ? [] : [`table ${name}: its frame was ${frame.hex}, now ${hex}`];
  });
}

/** Why `version` may not be released over what is there; undefined when it may. */
export function objectionTo(version, released, faults) {
  if (!released) return undefined;
  const [was, now] = [parts(released.version), parts(version)];
  const raised = now.findIndex((part, index) => part !== was[index]);
  if (raised < 0 || now[raised] < was[raised]) {
    return `version ${version} of package.json is not above the released ${released.version}: raise it first`;
  }
  const major = was.findIndex((part) => part > 0);
  if (faults.length > 0 && major >= 0 && raised > major) {
    const next = was.map((part, index) => (index < major ? part : index === major ? part + 1 : 0)).join(".");
    return `version ${version} of package.json promises that old bytes can be read: raise it to ${next}`;
  }
  return undefined;
}

export function writeRelease(folder, version, schemas, model) {
  const target = join(folder, "released");
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target);
  for (const [name, text] of Object.entries(schemas)) writeFileSync(join(target, name), text);
  const golden = { version, frames: goldenFrames(model) };
  writeFileSync(join(target, "golden.json"), `${JSON.stringify(golden, null, 2)}\n`);
}

function parts(version) {
  const found = /^(\d+)\.(\d+)\.(\d+)$/.exec(version);
  if (!found) throw new Error(`version ${version} of package.json: must be three numbers, as in 1.2.3`);
  return found.slice(1).map(Number);
}
