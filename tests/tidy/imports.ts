/**
 * Who imports what: the import and export statements of a file, and the file that a relative specifier means. Only
 * literal specifiers exist here; a path that is put together at run time is no import.
 */
import { posix } from "node:path";
import type { Node } from "oxc-parser";
import type { Source } from "./source.js";

export interface Import {
  readonly specifier: string;
  readonly offset: number;
  /** Names taken from the module; `*` stands for all of them. */
  readonly names: readonly string[];
  /** Erased by the compiler. */
  readonly isType: boolean;
}

/** Imports, re-exports, dynamic imports and imported types, each with a literal specifier. */
export function importsOf(source: Source): Import[] {
  if (source.isAssemblyScript) return [...source.text.matchAll(STATEMENT)].map(importIn);
  return source.nodes.flatMap(({ node }) => importOf(node) ?? []);
}

/** The import lists of AssemblyScript, which the parser does not read, are all of one plain form. */
const STATEMENT = /^(?:import|export)\s*\{([^}]*)\}\s*from\s*"([^"]+)"/gm;

function importIn(match: RegExpExecArray): Import {
  const names = match[1].split(",").map((each) => each.trim().split(" as ")[0]);
  return { specifier: match[2], offset: match.index, names, isType: false };
}

function importOf(node: Node): Import | undefined {
  switch (node.type) {
    case "ImportDeclaration": {
      const isType = node.importKind === "type" || (node.specifiers.length > 0 && node.specifiers.every(isTypeOnly));
      return { specifier: node.source.value, offset: node.start, names: node.specifiers.map(importedName), isType };
    }
    case "ExportNamedDeclaration": {
      if (node.source === null) return undefined;
      const isType = node.exportKind === "type" || node.specifiers.every((each) => each.exportKind === "type");
      return {
        specifier: node.source.value,
        offset: node.start,
        names: node.specifiers.map(({ local }) => nameOf(local)),
        isType,
      };
    }
    case "ExportAllDeclaration":
      return { specifier: node.source.value, offset: node.start, names: ["*"], isType: node.exportKind === "type" };
    case "ImportExpression":
      return literal(node.source, node.start, false);
    case "TSImportType":
      return literal(node.source, node.start, true);
    default:
      return undefined;
  }
}

function literal(specifier: Node, offset: number, isType: boolean): Import | undefined {
  if (specifier.type !== "Literal" || typeof specifier.value !== "string") return undefined;
  return { specifier: specifier.value, offset, names: ["*"], isType };
}

const isTypeOnly = (specifier: Node): boolean =>
  specifier.type === "ImportSpecifier" && specifier.importKind === "type";

function importedName(specifier: Node): string {
  if (specifier.type === "ImportSpecifier") return nameOf(specifier.imported);
  return specifier.type === "ImportDefaultSpecifier" ? "default" : "*";
}

/** The text of a name in an import or export list, which may be written as a string. */
export function nameOf(node: Node): string {
  if (node.type === "Identifier") return node.name;
  return node.type === "Literal" ? String(node.value) : "";
}

/**
 * Source path that `specifier` means in the file at `from`: built names, and those without an ending, become sources.
 */
export function resolve(from: string, specifier: string): string {
  const path = posix.normalize(posix.join(posix.dirname(from), specifier));
  return path.replace(/^dist\//, "").replace(/(\.js|(?<=\/[^./]*))$/, ".ts");
}

/** Package of a bare specifier: `@scope/name/part` → `@scope/name`. */
export function packageOf(specifier: string): string {
  return specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
}
