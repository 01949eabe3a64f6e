/** `npm run litmus -- [--messages N] [--seed S] [--only NAME] [--faults] [--json]`: see command.ts. */
import { runBundled } from "../crash/bundle.mjs";

await runBundled("../litmus/command.ts");
