/**
 * docs/math.md, made from the table of indicators, from what stands beside every other function, from the committed
 * errors and times, and from what the examples print.
 */
import { families } from "../../wasm/index.js";
import { fenced, functionEntry, indicatorEntry } from "./entries.js";
import { IMPORTS, indicatorExample, printing, run, SHARED } from "./examples.js";
import { indicatorTimes, worstErrors } from "./measures.js";
import { references } from "./references.js";

export function referencePage(): string {
  const names = Object.values(families).flatMap((members) => Object.keys(members));
  const functions = references.flatMap(({ entries }) => entries);
  const printed = run([...names.map(printing), ...functions.map(({ example }) => example)]);
  const results = new Map([...names, ...functions.map(({ name }) => name)].map((name, at) => [name, printed[at]]));
  return [introduction(), contents(), ...conventions(), ...indicators(results), ...otherFunctions(results)]
    .join("\n\n")
    .concat("\n");
}

function introduction(): string {
  return `# Reference of the mathematics

Every function of \`sluice/ta\`, \`sluice/stats\` and \`sluice/exec\`: what it computes, what proved it and what it
costs. How they are used, in a program, on the command line and in a strategy, is told in
[indicators.md](indicators.md) and [statistics.md](statistics.md).`;
}

function contents(): string {
  const lists = [
    ...Object.entries(families).map(([family, members]) => ({
      title: titled(family),
      names: Object.keys(members).map((name) => ({ name, anchor: `ta${name}` })),
    })),
    ...references.map(({ title, entries }) => ({
      title,
      names: entries.map(({ name }) => ({ name: shortName(name), anchor: name.replaceAll(".", "") })),
    })),
  ];
  const lines = lists.map(({ title, names }) => {
    const links = names.map(({ name, anchor }) => `[${name}](#${anchor.toLowerCase()})`);
    return `* **${title}** ${links.join(" · ")}`;
  });
  return `## Contents\n\n${lines.join("\n")}`;
}

function conventions(): string[] {
  const { file } = indicatorTimes();
  const timed = file
    ? `Times are those of [${file}](../bench/results/${file}).`
    : "Times stand here once a benchmark of them has been committed.";
  return [
    `## How to read it

In formulas x is the input, or o, h, l, c, v the bar, x and y the inputs of a pair, n the period; xₜ₋₁ or c₋₁ is the
input before, and Δ the change from it. Σₙ, x̄ and a highest or lowest go over the last n inputs. SMAₙ, EMAₙ, WMAₙ and
RMAₙ are the averages of those names, EMA(x, k) is that of k inputs, and TR is the true range. A quotient with nothing
to divide by is what the formula says, or 0.

Series are Float64Arrays of one length. A result is as long, NaN through the warm-up, and never afterwards. What is not
finite, out of range or of unequal length is an error that names the argument, its value and what is allowed.

The worst error is the largest difference from the oracle behind it, over whole series from the first valid index on,
relative to the largest value; [research/reference](../research/reference) computes it anew. ${timed}

Every example runs as it stands behind these lines, and a test runs them all.`,
    fenced("js", `${IMPORTS}\n\n${SHARED}`),
  ];
}

function indicators(results: ReadonlyMap<string, string>): string[] {
  const errors = worstErrors();
  const { times } = indicatorTimes();
  return Object.entries(families).flatMap(([family, members]) => [
    `## ${titled(family)}`,
    ...Object.entries(members).map(([name, spec]) =>
      indicatorEntry(name, spec, {
        example: indicatorExample(name),
        printed: results.get(name)!,
        comparison: errors.get(`ta.${name}`),
        time: times.get(name),
      }),
    ),
  ]);
}

function otherFunctions(results: ReadonlyMap<string, string>): string[] {
  const errors = worstErrors();
  return references.flatMap(({ title, entries }) => [
    `## ${title}`,
    ...entries.map((entry) =>
      functionEntry(entry, { printed: results.get(entry.name)!, comparison: errors.get(entry.name) }),
    ),
  ]);
}

const titled = (word: string): string => word[0].toUpperCase() + word.slice(1);

/** Without the module: `hmm.fit`. */
const shortName = (name: string): string => name.replace(/^\w+\./, "");
