/**
 * The repository as the tidy rules see it: every text file that git would not ignore, parsed when a rule asks for it. A
 * rule is a plain function from sources to complaints, so that a test can hand it a planted fault.
 */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, posix } from "node:path";
import { type Comment, type Node, parseSync, visitorKeys } from "oxc-parser";

/** Repository root; rules name files relative to it. */
export const ROOT = join(import.meta.dirname, "..", "..");

const BINARY = /\.(gz|wasm|png|ico|jar|tsbuildinfo)$/;

export class Source {
  readonly path: string;
  readonly text: string;
  readonly lines: readonly string[];
  #nodes: readonly Visit[] | undefined;
  #comments: readonly Comment[] = [];

  constructor(path: string, text: string) {
    this.path = path;
    this.text = text;
    this.lines = text.split("\n");
  }

  /** First segment of the path; empty for a file at the root. */
  get folder(): string {
    return this.path.includes("/") ? this.path.slice(0, this.path.indexOf("/")) : "";
  }

  /** Written by a program, which answers for its form. */
  get isGenerated(): boolean {
    return this.path.includes("/generated/");
  }

  get isCode(): boolean {
    return /\.(ts|mjs|js)$/.test(this.path);
  }

  /** TypeScript of our own. */
  get isTypeScript(): boolean {
    return this.path.endsWith(".ts") && !this.isGenerated && !this.isAssemblyScript;
  }

  /** Its decorators on functions are no TypeScript, so that it does not parse. */
  get isAssemblyScript(): boolean {
    return this.path.startsWith("wasm/assembly/") && this.path.endsWith(".ts");
  }

  /** Every node of the syntax tree with its parent, parents first. Throws when the file does not parse. */
  get nodes(): readonly Visit[] {
    if (this.#nodes === undefined) this.#parse();
    return this.#nodes!;
  }

  get comments(): readonly Comment[] {
    if (this.#nodes === undefined) this.#parse();
    return this.#comments;
  }

  /** `path:line complaint`, for the character at `offset`. */
  at(offset: number, complaint: string): string {
    return `${this.path}:${this.lineAt(offset)} ${complaint}`;
  }

  /** Line of a character, counted from 1. */
  lineAt(offset: number): number {
    return this.text.slice(0, offset).split("\n").length;
  }

  #parse(): void {
    const { program, comments, errors } = parseSync(this.path, this.text);
    if (errors.length > 0) throw new Error(`${this.path} does not parse: ${errors[0].message}`);
    const nodes: Visit[] = [];
    collect(program, undefined, nodes);
    this.#comments = comments;
    this.#nodes = nodes;
  }
}

export interface Visit {
  readonly node: Node;
  readonly parent: Node | undefined;
}

function collect(node: Node, parent: Node | undefined, into: Visit[]): void {
  into.push({ node, parent });
  for (const child of childrenOf(node)) collect(child, node, into);
}

/** The nodes directly below `node`, in source order. */
export function childrenOf(node: Node): Node[] {
  const fields = node as unknown as Record<string, Node | null | readonly (Node | null)[]>;
  return (visitorKeys[node.type] ?? []).flatMap((key) => fields[key] ?? []).filter((each) => each !== null);
}

/** Every text file of the checkout, sorted by path. */
export function readTree(): Source[] {
  const ignored = new Set([".git", ...readIgnored()]);
  return walk("", ignored).map((path) => new Source(path, readFileSync(join(ROOT, path), "utf8")));
}

/** Folders that git ignores; the ignore file names them plainly. */
function readIgnored(): string[] {
  const lines = readFileSync(join(ROOT, ".gitignore"), "utf8").split("\n");
  return lines.filter((line) => line.endsWith("/")).map((line) => line.slice(0, -1));
}

function walk(folder: string, ignored: ReadonlySet<string>): string[] {
  return readdirSync(join(ROOT, folder))
    .sort()
    .filter((name) => !ignored.has(name) && !BINARY.test(name))
    .map((name) => posix.join(folder, name))
    .flatMap((path) => (statSync(join(ROOT, path)).isDirectory() ? walk(path, ignored) : [path]));
}
