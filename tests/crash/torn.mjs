/**
 * `npm run torn -- [--journals N] [--seed S] [--json]`: breaks journals at every byte and every bit of their ends and
 * says what reading and recovery made of each. Exit codes: 0 every state was right, 1 one was wrong, 2 usage.
 */
import { runBundled } from "./bundle.mjs";

await runBundled("torn/command.ts");
