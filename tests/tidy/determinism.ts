/**
 * What the deterministic core and the strategies may not touch: clocks, chance, promises, the environment, and
 * arithmetic that engines compute differently. Names count where they are used as values; a type is erased and a
 * property key is text.
 */
import type { Node } from "oxc-parser";
import type { Source, Visit } from "./source.js";

export const ESCAPES_MAX = 10;
const FOLDERS = ["engine", "strategies"];
const ESCAPE = /^\s*deterministic-ok:(.*)$/;
const REASON_CHARS_MIN = 12;

const TIME = "time comes with the input";
const TIMER = "timers fire inside apply";
const ASYNC = "the core is synchronous";
const OUTSIDE = "the core sees the world through its inputs alone";

const NAMES: Readonly<Record<string, string>> = {
  Date: TIME,
  performance: TIME,
  Temporal: TIME,
  setTimeout: TIMER,
  setInterval: TIMER,
  setImmediate: TIMER,
  queueMicrotask: ASYNC,
  Promise: ASYNC,
  Atomics: ASYNC,
  SharedArrayBuffer: OUTSIDE,
  process: OUTSIDE,
  globalThis: OUTSIDE,
  fetch: OUTSIDE,
  console: "use ctx.log or an output",
  crypto: "chance comes from the seeded generator in the state",
  Intl: OUTSIDE,
  require: OUTSIDE,
  WeakRef: "collection differs from run to run",
  FinalizationRegistry: "collection differs from run to run",
};

/** The functions of Math that IEEE 754 or the language specifies to the bit. */
const MATH = ["abs", "ceil", "floor", "round", "trunc", "sign", "sqrt", "min", "max", "fround", "imul", "clz32"];

interface Finding {
  readonly offset: number;
  readonly complaint: string;
}

/** Uses of what is not deterministic, without an escape; and escapes that give no reason or excuse nothing. */
export function indeterminacies(tree: readonly Source[]): string[] {
  return tree.filter(isCore).flatMap((source) => {
    const escapes = escapesOf(source);
    const findings = source.nodes.flatMap((visit) => findingAt(visit) ?? []);
    const lines = findings.map(({ offset }) => source.lineAt(offset));
    return [
      ...findings
        .filter((_, at) => !escapes.has(lines[at]))
        .map(({ offset, complaint }) => source.at(offset, complaint)),
      ...[...escapes.values()].flatMap((one) => faultOf(one, lines).map((fault) => source.at(one.offset, fault))),
    ];
  });
}

/** How many exceptions the core has claimed. */
export function escapeCount(tree: readonly Source[]): number {
  return tree.filter(isCore).reduce((count, source) => count + new Set(escapesOf(source).values()).size, 0);
}

const isCore = (source: Source): boolean => source.isTypeScript && FOLDERS.includes(source.folder);

interface Escape {
  readonly line: number;
  readonly offset: number;
  readonly reason: string;
}

/** Escapes by the line that they excuse: their own, or the next when they stand alone. */
function escapesOf(source: Source): Map<number, Escape> {
  const found = new Map<number, Escape>();
  for (const { value, start } of source.comments) {
    const reason = ESCAPE.exec(value)?.[1].trim();
    if (reason === undefined) continue;
    const own = source.lineAt(start);
    const alone = source.lines[own - 1].trimStart().startsWith("//");
    const line = alone ? own + 1 : own;
    found.set(line, { line, offset: start, reason });
  }
  return found;
}

function faultOf({ line, reason }: Escape, lines: readonly number[]): string[] {
  if (reason.length < REASON_CHARS_MIN) return ["an escape needs its reason: // deterministic-ok: reason"];
  return lines.includes(line) ? [] : ["this escape excuses nothing; remove it"];
}

function findingAt({ node, parent }: Visit): Finding | undefined {
  const complaint = complaintAbout(node, parent);
  return complaint === undefined ? undefined : { offset: node.start, complaint };
}

function complaintAbout(node: Node, parent: Node | undefined): string | undefined {
  switch (node.type) {
    case "Identifier":
      return isValue(node, parent) ? complaintAboutName(node.name, parent) : undefined;
    case "MemberExpression":
      return node.computed ? undefined : complaintAboutMember(node.object, node.property);
    case "BinaryExpression":
      return node.operator === "**" ? "uses **: take pow from wasm/" : undefined;
    case "AssignmentExpression":
      return node.operator === "**=" ? "uses **=: take pow from wasm/" : undefined;
    case "FunctionDeclaration":
    case "FunctionExpression":
    case "ArrowFunctionExpression":
      return node.async ? `is async: ${ASYNC}` : undefined;
    case "ForOfStatement":
      return node.await ? `awaits: ${ASYNC}` : undefined;
    case "AwaitExpression":
      return `awaits: ${ASYNC}`;
    case "ImportExpression":
      return `imports at run time: ${ASYNC}`;
    case "MetaProperty":
      return node.meta.name === "import" ? `uses import.meta: ${OUTSIDE}` : undefined;
    default:
      return undefined;
  }
}

function complaintAboutName(name: string, parent: Node | undefined): string | undefined {
  if (name === "Math" && parent?.type !== "MemberExpression")
    return "hands on Math whole: name the function that is meant";
  return Object.hasOwn(NAMES, name) ? `uses ${name}: ${NAMES[name]}` : undefined;
}

function complaintAboutMember(object: Node, property: Node): string | undefined {
  if (property.type !== "Identifier") return undefined;
  if (/^(toLocale|localeCompare)/.test(property.name))
    return `uses ${property.name}: its result depends on the machine's locale`;
  if (object.type !== "Identifier" || object.name !== "Math" || MATH.includes(property.name)) return undefined;
  return `uses Math.${property.name}: only ${MATH.join(" ")} are exact everywhere; take others from wasm/`;
}

/** False for the name of a property, a label, an imported or exported name, and anything that is only a type. */
function isValue(node: Node, parent: Node | undefined): boolean {
  switch (parent?.type) {
    case "MemberExpression":
      return parent.computed || parent.object === node;
    case "Property":
    case "MethodDefinition":
    case "PropertyDefinition":
      return parent.computed || parent.key !== node;
    case "TSAsExpression":
    case "TSNonNullExpression":
    case "TSSatisfiesExpression":
      return parent.expression === node;
    case "ImportSpecifier":
    case "ExportSpecifier":
    case "LabeledStatement":
      return false;
    default:
      return parent?.type.startsWith("TS") !== true;
  }
}
