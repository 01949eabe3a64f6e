/**
 * Replays the journals in the directories it is given, from the built core alone, and prints as JSON what each came to:
 * a state hash, or the error. A process of its own, so that it can be another Node, or one without compilers.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { formatHash, loadStrategy, replay, stateHash } from "../../dist/engine/index.js";
import { createCrc32c, createDeterministicMath, createMathCore } from "../../dist/wasm/index.js";

const crc32c = createCrc32c();

function hashOf(directory) {
  const segments = readdirSync(directory)
    .filter((name) => name.endsWith(".seg"))
    .sort()
    .map((name) => ({ name, bytes: readFileSync(join(directory, name)) }));
  const bundleOf = (sha256) => readFileSync(join(directory, "strategies", `${sha256}.js`), "utf8");
  const load = ({ strategies }, core) =>
    strategies.map(({ id, bundle }) => loadStrategy(bundleOf(bundle), id, createDeterministicMath(core)));
  return formatHash(stateHash(replay({ segments, crc32c, makeCore: () => createMathCore(), load }).engine));
}

function outcomeOf(directory) {
  try {
    return hashOf(directory);
  } catch (error) {
    return String(error);
  }
}

process.stdout.write(JSON.stringify(process.argv.slice(2).map(outcomeOf)));
