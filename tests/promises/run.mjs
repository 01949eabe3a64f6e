/**
 * `npm run promises -- [--check | --run | --record COMMAND]`: makes docs/promises.md. Exit codes: 0 done, 1 something
 * is not as it should be, 2 usage.
 */
import { loadBundled, root } from "../crash/bundle.mjs";

const { runPromises } = await loadBundled("../promises/command.ts");
process.exitCode = runPromises(process.argv.slice(2), root);
