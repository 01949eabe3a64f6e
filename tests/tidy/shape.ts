/**
 * The shape of a source file: its opening, widths and lengths, its name, and the constructs and words that we do
 * without. Each rule is a function from sources to complaints that name the line and the remedy.
 */
import { posix } from "node:path";
import type { Node } from "oxc-parser";
import { childrenOf, type Source } from "./source.js";

const COLUMNS_MAX = 120;
const FUNCTION_LINES_MAX = 70;
const FUNCTION_LINES_AIM = 40;
const FILE_LINES_MAX = 400;
/** A test file lists cases of one subject; a longer list is still one idea. */
const TEST_LINES_MAX = 500;
const KEBAB = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$/;
/** Names that say nothing of what a file holds. */
const VAGUE = ["utils", "util", "helpers", "helper", "common", "types", "misc"];
const FOLDERS = [
  "schemas",
  "wasm",
  "engine",
  "feeds",
  "actors",
  "research",
  "strategies",
  "cli",
  "console",
  "bench",
  "tests",
];

/** Files where `any` stands at a library's untyped edge, each with the library. None so far. */
const ANY_ALLOWED: Readonly<Record<string, string>> = {};

const handwritten = (tree: readonly Source[]): Source[] => tree.filter((each) => each.isCode && !each.isGenerated);
const typescript = (tree: readonly Source[]): Source[] => tree.filter((each) => each.isTypeScript);

/** Files that do not open with a comment that says, in a sentence, what they are. */
export function openings(tree: readonly Source[]): string[] {
  const code = handwritten(tree).filter((source) => !opensWith(source, /^\/\*\*([\s\S]*?)\*\//));
  const schemas = tree
    .filter(({ path }) => path.endsWith(".fbs"))
    .filter((source) => !opensWith(source, /^((?:\/\/.*\n)+)/));
  return [...code, ...schemas].map(
    ({ path }) => `${path}:1 opens without a comment: say what the file is, in a sentence or two`,
  );
}

function opensWith({ text }: Source, pattern: RegExp): boolean {
  const comment = pattern.exec(text.replace(/^#!.*\n/, ""))?.[1] ?? "";
  const words = comment.replaceAll(/^\s*(\*|\/\/)/gm, "").trim();
  return /\S+ \S+ \S.*[.:]/s.test(words);
}

export function wideLines(tree: readonly Source[]): string[] {
  const measured = [...handwritten(tree), ...tree.filter(({ path }) => path.endsWith(".fbs"))];
  return measured.flatMap(({ path, lines }) =>
    lines.flatMap((line, at) => {
      const columns = [...line].length;
      return columns <= COLUMNS_MAX ? [] : [`${path}:${at + 1} has ${columns} columns; break it at ${COLUMNS_MAX}`];
    }),
  );
}

export function longFiles(tree: readonly Source[]): string[] {
  return handwritten(tree)
    .filter(({ path, lines }) => lines.length - 1 > linesMax(path))
    .map(
      ({ path, lines }) =>
        `${path}:${linesMax(path)} has ${lines.length - 1} lines, at most ${linesMax(path)}: find the second idea`,
    );
}

export function longFunctions(tree: readonly Source[]): string[] {
  return typescript(tree).flatMap((source) =>
    functionsOf(source)
      .filter(({ lines }) => lines > FUNCTION_LINES_MAX)
      .map(({ offset, lines }) =>
        source.at(offset, `a function of ${lines} lines, at most ${FUNCTION_LINES_MAX}: name its parts`),
      ),
  );
}

/** How many functions are longer than what we aim for, and the longest, for information. */
export function functionReport(tree: readonly Source[]): string {
  const all = typescript(tree).flatMap((source) => functionsOf(source).map((each) => ({ source, ...each })));
  const long = all.filter(({ lines }) => lines > FUNCTION_LINES_AIM).sort((a, b) => b.lines - a.lines);
  const worst = long.slice(0, 3).map(({ source, offset, lines }) => source.at(offset, `(${lines})`));
  return [`${all.length} functions, ${long.length} over ${FUNCTION_LINES_AIM} lines`, ...worst].join("; ");
}

/** Functions with their lengths. The callback of `describe` is a list of tests and no function of its own. */
function functionsOf(source: Source): { readonly offset: number; readonly lines: number }[] {
  return source.nodes.flatMap(({ node, parent }) => {
    if (!/^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(node.type)) return [];
    if (parent?.type === "CallExpression" && rootName(parent.callee) === "describe") return [];
    return [{ offset: node.start, lines: source.lineAt(node.end) - source.lineAt(node.start) + 1 }];
  });
}

/** `describe` of `describe.each(table)`, `test` of `test.skip`. */
function rootName(node: Node): string {
  if (node.type === "Identifier") return node.name;
  if (node.type === "MemberExpression") return rootName(node.object);
  return node.type === "CallExpression" ? rootName(node.callee) : "";
}

export function badNames(tree: readonly Source[]): string[] {
  return tree
    .filter(({ folder, isGenerated }) => FOLDERS.includes(folder) && !isGenerated)
    .flatMap(({ path, isCode }) => {
      const folders = posix.dirname(path).split("/");
      const names = isCode ? [...folders, posix.basename(path)] : folders;
      const stem = posix.basename(path).replace(/\..*$/, "");
      return [
        ...names.filter((name) => !KEBAB.test(name)).map((name) => `${path}:1 is not in kebab-case: rename ${name}`),
        ...(isCode && VAGUE.includes(stem) ? [`${path}:1 is named for nothing: name it for the noun it defines`] : []),
      ];
    });
}

/** Default exports, enums, `any` and console output, where they do not belong. */
export function unwantedConstructs(tree: readonly Source[]): string[] {
  return typescript(tree).flatMap((source) =>
    source.nodes.flatMap(({ node }) => {
      const complaint = objectionTo(node, source);
      return complaint === undefined ? [] : [source.at(node.start, complaint)];
    }),
  );
}

function objectionTo(node: Node, source: Source): string | undefined {
  switch (node.type) {
    case "ExportDefaultDeclaration":
      return mayDefault(source) ? undefined : "has a default export: name it";
    case "TSEnumDeclaration":
      return "declares an enum: use an object `as const`";
    case "TSAnyKeyword":
      return source.path in ANY_ALLOWED ? undefined : "says any: use unknown and look, or name the type";
    case "MemberExpression":
      return rootName(node) === "console" && node.object.type === "Identifier" && !mayPrint(source)
        ? "writes to the console: return it, count it or journal it"
        : undefined;
    default:
      return undefined;
  }
}

const mayDefault = ({ path }: Source): boolean => /(^|\/)strategies\//.test(path) || path.endsWith(".config.ts");
const mayPrint = ({ folder }: Source): boolean => ["cli", "tests", "bench", "console"].includes(folder);

/** Tests that are left out or run alone. `skipIf` is not meant: it says when. */
export function unrunTests(tree: readonly Source[]): string[] {
  return typescript(tree).flatMap((source) =>
    source.nodes.flatMap(({ node }) => {
      if (node.type !== "MemberExpression" || node.property.type !== "Identifier") return [];
      const runner = ["test", "it", "describe", "suite", "bench"].includes(rootName(node.object));
      if (!runner || !["only", "skip", "todo"].includes(node.property.name)) return [];
      return [source.at(node.start, `has .${node.property.name}: run it or remove it`)];
    }),
  );
}

/** Words that mark unfinished work. The pattern does not match its own text. */
const UNFINISHED = /\b(FIX(?:ME)|X{3}|TO(?:DO)|HA(?:CK)|[Nn]ot[ ]implemented)\b/;

export function unfinishedWords(tree: readonly Source[]): string[] {
  return tree
    .filter(({ path, isGenerated }) => !isGenerated && path !== "package-lock.json")
    .flatMap(({ path, lines }) =>
      lines.flatMap((line, at) => {
        const word = UNFINISHED.exec(line)?.[0];
        return word === undefined ? [] : [`${path}:${at + 1} says "${word}": finish it, or say what holds today`];
      }),
    );
}

/** Casts to `Approved`: the gate's one proof that an order passed it. */
export function approvals(tree: readonly Source[]): string[] {
  return typescript(tree).flatMap((source) =>
    source.nodes.flatMap(({ node }) => {
      if (node.type !== "TSAsExpression" && node.type !== "TSTypeAssertion") return [];
      return names(node.typeAnnotation, "Approved") ? [`${source.path}:${source.lineAt(node.start)}`] : [];
    }),
  );
}

function names(node: Node, name: string): boolean {
  return (node.type === "Identifier" && node.name === name) || childrenOf(node).some((child) => names(child, name));
}

const linesMax = (path: string): number => (path.startsWith("tests/") ? TEST_LINES_MAX : FILE_LINES_MAX);
