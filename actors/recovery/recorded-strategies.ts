/** The strategies that a journal's configuration names, from the bundles stored beside it. */
import { type LoadStrategies, loadStrategy } from "../../engine/index.js";
import { createDeterministicMath } from "../../wasm/index.js";
import type { Disk } from "../disk/disk.js";
import { readBundle } from "../journal/journal-directory.js";

export function recordedStrategies(directory: string, disk?: Disk): LoadStrategies {
  return ({ strategies }, core) => {
    const math = createDeterministicMath(core);
    return strategies.map(({ id, bundle }) => loadStrategy(readBundle(directory, bundle, disk), id, math));
  };
}
