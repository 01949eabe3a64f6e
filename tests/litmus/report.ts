/** The table of a litmus test's outcomes as text: how often each was observed, its grade, and what it means. */
import { type Litmus, outcomesOf } from "./litmus.js";
import type { LitmusResult } from "./run-litmus.js";

/** Lines of one test's table. Outcomes that every test could have and this one had not are left out. */
export function tableOf(litmus: Litmus, { messages, seconds, seed, counts, errors }: LitmusResult): string[] {
  const rows = Object.entries(outcomesOf(litmus))
    .filter(([name]) => name in litmus.outcomes || counts[name] !== undefined)
    .map(([name, { grade, says }]) => {
      const count = (counts[name] ?? 0).toLocaleString("en");
      return `  ${count.padStart(12)}  ${grade.padEnd(11)} ${name.padEnd(16)} ${says}`;
    });
  const figures = `${messages.toLocaleString("en")} messages, ${seconds.toFixed(1)} s, seed ${seed}`;
  return [`${litmus.name}: ${litmus.what}`, `  ${figures}`, ...rows, ...errors.map((error) => `  ${error}`)];
}
