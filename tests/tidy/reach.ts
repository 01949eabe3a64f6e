/**
 * Code that nothing uses: files that no entry reaches, and exports that no other file takes. A test keeps its own
 * support alive but no production file; an export may be there for a test alone.
 */
import type { Node } from "oxc-parser";
import { importsOf, nameOf, resolve } from "./imports.js";
import type { Source } from "./source.js";

const FOLDERS = ["engine", "feeds", "actors", "research", "cli"];

/** Files that are started or imported from outside the source tree, each with how. */
const ENTRIES: readonly { readonly path: RegExp; readonly how: string }[] = [
  { path: /^cli\/main\.ts$/, how: "the launcher imports it" },
  { path: /^actors\/threads\/[^/]+\.ts$/, how: "spawnThread starts it by its name" },
  { path: /^feeds\/local-venue\/main\.ts$/, how: "forked as a process" },
  { path: /^(tests|bench)\//, how: "the runner finds it" },
];

/** Modules whose exports need no importer here, each with why. */
const PUBLIC: readonly { readonly path: RegExp; readonly why: string }[] = [
  { path: /^(engine\/public|wasm\/index|schemas\/index)\.ts$/, why: "they are for others than ourselves" },
  { path: /\/layout\.ts$/, why: "a layout names every field, also those that one side alone reads" },
  {
    path: /^tests\/sim\/(disk\/mounted-files|network\/feed-port)\.ts$/,
    why: "the simulator's bundle puts them elsewhere",
  },
  { path: /^cli\/main\.ts$/, why: "the launcher imports the built file by a computed path" },
];

/** Source files behind the package's exports, such as `./dist/engine/public.js`. */
export function packageEntries(manifest: { readonly exports?: Readonly<Record<string, unknown>> }): string[] {
  const built = JSON.stringify(manifest.exports ?? {}).matchAll(/"\.\/dist\/([^"]+?)(?:\.d\.ts|\.js)"/g);
  return [...new Set([...built].map(([, path]) => `${path}.ts`))];
}

/** Files of the running system that no entry reaches, and support files that no test reaches. */
export function deadFiles(tree: readonly Source[], published: readonly string[]): string[] {
  const modules = modulesOf(tree);
  const entries = [...modules.keys()].filter(
    (path) => published.includes(path) || ENTRIES.some((each) => each.path.test(path)),
  );
  const alive = reach(
    modules,
    entries.filter((path) => !/^(tests|bench)\//.test(path)),
  );
  const tested = reach(
    modules,
    entries.filter((path) => !path.startsWith("tests/support/")),
  );
  const dead = [...modules.values()].filter(({ path, folder }) => FOLDERS.includes(folder) && !alive.has(path));
  const idle = [...modules.values()].filter(({ path }) => path.startsWith("tests/support/") && !tested.has(path));
  return [
    ...dead.map(({ path }) => `${path}:1 is reached from no entry: use it or remove it`),
    ...idle.map(({ path }) => `${path}:1 is used by no test: use it or remove it`),
  ];
}

/** Every module whose reach can be followed. */
function modulesOf(tree: readonly Source[]): Map<string, Source> {
  return new Map(tree.filter(({ isTypeScript }) => isTypeScript).map((source) => [source.path, source]));
}

function reach(modules: ReadonlyMap<string, Source>, entries: readonly string[]): Set<string> {
  const seen = new Set(entries);
  for (const path of seen) for (const next of edgesOf(modules.get(path)!)) if (modules.has(next)) seen.add(next);
  return seen;
}

/** Files that a file imports, or names in a string as a worker or a child process. */
function edgesOf(source: Source): string[] {
  const imported = importsOf(source)
    .filter(({ specifier }) => specifier.startsWith("."))
    .map(({ specifier }) => specifier);
  const named = source.nodes.flatMap(({ node }) =>
    node.type === "Literal" && typeof node.value === "string" && /\.(js|ts)$/.test(node.value) ? [node.value] : [],
  );
  return [...imported, ...named].map((specifier) => resolve(source.path, specifier));
}

/**
 * Exports of hand-written modules that no other file imports. A type that its own file goes on to name, or that an
 * index lists, is a word of somebody's signature.
 */
export function deadExports(tree: readonly Source[], published: readonly string[]): string[] {
  const taken = takenNames(tree);
  const checked = tree.filter(({ path, folder, isTypeScript }) => {
    const entry = PUBLIC.some((each) => each.path.test(path)) || published.includes(path);
    return isTypeScript && !entry && [...FOLDERS, "schemas", "wasm", "tests"].includes(folder);
  });
  return checked.flatMap((source) =>
    exportsOf(source)
      .filter(
        ({ name }) => name !== "default" && !taken.has(`${source.path} ${name}`) && !taken.has(`${source.path} *`),
      )
      .filter(({ name, isType }) => !isType || usesOf(source, name) < 2)
      .map(({ name, offset }) =>
        source.at(offset, `exports ${name}, which nothing imports: drop the export or the code`),
      ),
  );
}

/** `path name` for every name that some file takes from another; `path *` for all of them. */
function takenNames(tree: readonly Source[]): Set<string> {
  const readable = tree.filter(
    ({ isTypeScript, isAssemblyScript, path }) => isTypeScript || isAssemblyScript || /\.(mjs|js)$/.test(path),
  );
  const all = readable.flatMap((source) =>
    importsOf(source).flatMap(({ specifier, names }) =>
      names.map((name) => `${resolve(source.path, specifier)} ${name}`),
    ),
  );
  return new Set(all);
}

interface Export {
  readonly name: string;
  readonly offset: number;
  readonly isType: boolean;
}

function exportsOf(source: Source): Export[] {
  return source.nodes.flatMap(({ node }) => {
    if (node.type === "ExportDefaultDeclaration") return [{ name: "default", offset: node.start, isType: false }];
    if (node.type !== "ExportNamedDeclaration") return [];
    const isType = (kind: string | undefined): boolean =>
      node.source !== null && (kind === "type" || node.exportKind === "type");
    const listed = node.specifiers
      .filter(({ exportKind }) => !isType(exportKind))
      .map(({ exported }) => ({ name: nameOf(exported), offset: node.start, isType: false }));
    return [...listed, ...(node.declaration === null ? [] : declared(node.declaration))];
  });
}

function declared(node: Node): Export[] {
  const isType = node.type === "TSInterfaceDeclaration" || node.type === "TSTypeAliasDeclaration";
  if (node.type === "VariableDeclaration") {
    return node.declarations.map(({ id }) => ({ name: nameOf(id), offset: id.start, isType }));
  }
  const id = "id" in node ? node.id : null;
  return id === null ? [] : [{ name: nameOf(id as Node), offset: node.start, isType }];
}

function usesOf(source: Source, name: string): number {
  return source.nodes.filter(({ node }) => node.type === "Identifier" && node.name === name).length;
}
