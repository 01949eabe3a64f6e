/** Where the command `promises` begins; its exit codes: 0 done, 1 something is not as it should be, 2 usage. */
import { runPromises } from "./command.js";

process.exitCode = runPromises(process.argv.slice(2), process.cwd());
