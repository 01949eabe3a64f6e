/**
 * docs/indicators.md: its program prints what it says, and its list is the table's. With SLUICE_WRITE_DOCS=1 the list
 * is written anew.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Choice, NumberParameter, Parameter } from "../wasm/ta/spec.js";
import { families, table } from "../wasm/ta/table.js";
import { withDirectory } from "./support/command.js";

const ROOT = join(import.meta.dirname, "..");
const PATH = join(ROOT, "docs/indicators.md");
const text = readFileSync(PATH, "utf8");
const block = (language: string): string => text.match(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, "ms"))![1];

const START = "<!-- table:start -->\n";
const END = "<!-- table:end -->";

/** A section a family, a row an indicator. */
function list(): string {
  return Object.entries(families)
    .map(([family, members]) => {
      const rows = Object.keys(members).map(row);
      const head = "| name | what | inputs | parameters | outputs |\n|---|---|---|---|---|";
      return `## ${family[0].toUpperCase()}${family.slice(1)}\n\n${head}\n${rows.join("\n")}\n`;
    })
    .join("\n");
}

function row(name: string): string {
  const { meaning, inputs, parameters, outputs } = table[name as keyof typeof table];
  const options = Object.entries(parameters as Record<string, Parameter>).map(
    ([key, parameter]) => `\`${key}\` ${rangeOf(parameter)}`,
  );
  const cells = [
    `\`${name}\``,
    meaning,
    inputs.join(", "),
    options.join("<br>") || "–",
    Object.keys(outputs).join(", "),
  ];
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

function rangeOf(parameter: Parameter): string {
  const isChoice = "choices" in parameter;
  if (isChoice) return (parameter as Choice).choices.join(" or ");
  const { default: standard, min, max } = parameter as NumberParameter;
  return `${standard} (${min} – ${max})`;
}

test("the list is the table's", () => {
  const at = text.indexOf(START) + START.length;
  const made = `${text.slice(0, at)}\n${list()}\n${text.slice(text.indexOf(END))}`;
  if (process.env.SLUICE_WRITE_DOCS === "1") writeFileSync(PATH, made);
  else expect(text).toBe(made);
});

test("the program prints what the document says", () =>
  withDirectory(async (directory) => {
    mkdirSync(join(directory, "node_modules"));
    symlinkSync(ROOT, join(directory, "node_modules/sluice"));
    writeFileSync(join(directory, "package.json"), '{ "type": "module" }');
    writeFileSync(join(directory, "indicators.js"), block("js"));
    const { stdout, stderr } = spawnSync(process.execPath, ["indicators.js"], { cwd: directory, encoding: "utf8" });
    expect(stderr).toBe("");
    expect(stdout).toBe(block("text"));
  }));
