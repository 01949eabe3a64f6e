/** The table of promises and the newest figures as docs/promises.md: the same of the same, to the byte. */
import { COMMANDS, type CommandName, type Figures, type Results } from "./figures.js";
import type { NamedTest, Promised } from "./table.js";

const HEAD = `# What Sluice promises

Nine promises: what each means, how far it goes, what is missing from it, and the tests that hold it. This file is
made by \`npm run promises\`; a test fails when it is not what the table in \`tests/promises/\` and the figures
beside it give, or when a test that is named here is gone.

| | promise | tests | kept |
| ---: | --- | ---: | --- |`;

const ASKED: Readonly<Record<CommandName, string>> = {
  sim: "the whole engine in one thread, with simulated disk, network, venue and clock, and faults in all of them",
  crash: "real processes, killed at random and at each step of an order's life, against a venue that goes on",
  torn: "journals cut at every byte and with every bit turned, read and recovered",
  determinism: "one recorded run, replayed with and without compilers",
};

export function documentOf(promises: readonly Promised[], results: Results): string {
  const rows = promises.map((each, at) => `| ${at + 1} | ${each.title} | ${each.tests.length} | ${howFar(each)} |`);
  const parts = [
    [HEAD, ...rows].join("\n"),
    ...promises.map(section),
    "## The newest figures",
    "A run in which anything was lost, doubled or wrong has no figures here: it is a bug. Each command runs them anew.",
    figuresTable(results),
  ];
  return `${parts.join("\n\n")}\n`;
}

const howFar = ({ limits, notYet }: Promised): string =>
  notYet ? "not wholly yet" : limits ? "within its limits" : "yes";

function section({ title, meaning, limits, notYet, tests, commands }: Promised, at: number): string {
  const how = limits ? [wrapped(`**Limits:** ${limits}`)] : [];
  const missing = notYet ? [wrapped(`**Not yet:** ${notYet}`)] : [];
  const also = commands.length === 0 ? [] : [`Figures: ${commands.map((each) => `\`npm run ${each}\``).join(", ")}.`];
  return [`## ${at + 1}. ${title}`, wrapped(meaning), ...how, ...missing, "Held by:", testList(tests), ...also].join(
    "\n\n",
  );
}

/** By file, in the order in which files are first named. */
function testList(tests: readonly NamedTest[]): string {
  const files = [...new Set(tests.map(({ file }) => file))];
  return files
    .map((file) => {
      const names = tests.filter((each) => each.file === file).map(({ name }) => `  - ${name}`);
      return [`- \`${file}\``, ...names].join("\n");
    })
    .join("\n");
}

function figuresTable(results: Results): string {
  const rows = COMMANDS.map((command) => {
    const recorded = results[command];
    const what = recorded ? told(recorded.figures) : "not measured yet";
    const when = recorded ? `${recorded.date.slice(0, 10)}, ${recorded.commit}` : "–";
    return `| \`npm run ${command}\` | ${ASKED[command]} | ${what} | ${when} |`;
  });
  return ["| command | what it does | what it found | when, commit |", "| --- | --- | --- | --- |", ...rows].join("\n");
}

const told = (figures: Figures): string =>
  Object.entries(figures)
    .map(([name, count]) => `${name} ${grouped(count)}`)
    .join("; ");

const grouped = (value: number): string => String(value).replace(/\B(?=(\d{3})+(?!\d))/g, " ");

const WIDTH = 120;

/** Text in lines of the document's width. */
function wrapped(text: string): string {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines[lines.length - 1];
    if (line === "") lines[lines.length - 1] = word;
    else if (line.length + 1 + word.length <= WIDTH) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines.join("\n");
}
