/** `npm run promises -- [--check | --run | --record COMMAND]`: makes docs/promises.md of the table in this folder. */
import { runBundled } from "../crash/bundle.mjs";

await runBundled("../promises/main.ts");
