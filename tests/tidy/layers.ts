/**
 * The import law: which folder may import which, which packages, and who may use Node's own modules. It holds for types
 * as well, because a type that crosses a layer pulls the other's vocabulary with it.
 */
import { type Import, importsOf, packageOf, resolve } from "./imports.js";
import type { Source } from "./source.js";

interface Layer {
  /** Folders, or single files, of the repository. */
  readonly sources: readonly string[];
  /** Packages beside `dependencies`; `dependencies` stands for all that are installed in production. */
  readonly packages: readonly string[];
  readonly node: boolean;
}

const CORE = ["schemas", "wasm", "engine"];
const FEEDS_OF_ENGINE = [
  "engine/units.ts",
  "engine/instrument.ts",
  "engine/money.ts",
  "engine/assert.ts",
  "engine/orders/client-order-id.ts",
  "engine/orders/seen-trades.ts",
];
const STEMS = ["schemas", "wasm", "engine", "feeds", "actors"];
const ALL = [...STEMS, "research", "strategies", "cli", "console", "bench"];

const LAYERS: Readonly<Record<string, Layer>> = {
  schemas: { sources: [], packages: ["flatbuffers"], node: false },
  wasm: { sources: [], packages: [], node: false },
  engine: { sources: ["schemas", "wasm"], packages: [], node: false },
  feeds: { sources: ["schemas", ...FEEDS_OF_ENGINE], packages: ["ccxt", "@questdb/nodejs-client", "ws"], node: true },
  actors: { sources: STEMS, packages: ["dependencies"], node: true },
  research: { sources: CORE, packages: ["piscina"], node: true },
  strategies: { sources: [], packages: ["sluice"], node: false },
  cli: { sources: [...STEMS, "research"], packages: ["dependencies"], node: true },
  console: { sources: [], packages: ["sluice"], node: false },
  bench: { sources: ALL, packages: ["dependencies", "devDependencies"], node: true },
  tests: { sources: ALL, packages: ["dependencies", "devDependencies", "sluice"], node: true },
};

export interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

/** Imports that the law forbids. Scripts (`.mjs`) belong to the build and may use Node and any installed package. */
export function forbiddenImports(tree: readonly Source[], manifest: Manifest): string[] {
  const index = tree.find(({ path }) => path === "engine/index.ts");
  const checked = tree.filter((source) => source.isTypeScript && LAYERS[source.folder] !== undefined);
  return checked.flatMap((source) =>
    importsOf(source).flatMap((each) => {
      const objection = objectionTo(source, each, manifest, index);
      return objection === undefined ? [] : [source.at(each.offset, objection)];
    }),
  );
}

function objectionTo(source: Source, each: Import, manifest: Manifest, index: Source | undefined): string | undefined {
  const layer = LAYERS[source.folder];
  const { specifier } = each;
  if (specifier.startsWith("node:")) {
    return layer.node
      ? undefined
      : `imports ${specifier}: ${source.folder}/ runs without Node; let its caller pass this in`;
  }
  if (specifier.startsWith(".")) {
    const allowed = [source.folder, ...layer.sources];
    const wrong = targets(source, each, index).filter(
      (path) => !allowed.some((one) => path === one || path.startsWith(`${one}/`)),
    );
    return wrong.length === 0
      ? undefined
      : `imports ${wrong.join(", ")}: ${source.folder}/ may import ${allowed.join(", ")}`;
  }
  const name = packageOf(specifier);
  const listed = layer.packages.flatMap((one) => (isKind(one) ? Object.keys(manifest[one]) : one));
  if (listed.includes(name)) return undefined;
  return `imports the package ${name}: ${source.folder}/ may import ${layer.packages.join(", ") || "no package"}`;
}

const isKind = (name: string): name is keyof Manifest => name === "dependencies" || name === "devDependencies";

/** Files that an import reaches. The core's index is only a way to them: what counts is where each name comes from. */
function targets(source: Source, each: Import, index: Source | undefined): string[] {
  const path = resolve(source.path, each.specifier);
  if (index === undefined || source.folder !== "feeds" || path !== index.path) return [path];
  if (each.isType) return [];
  const origins = importsOf(index);
  return each.names.flatMap((name) => {
    const origin = origins.find(({ names }) => names.includes(name));
    return origin === undefined ? [path] : resolve(index.path, origin.specifier);
  });
}

/** The launcher runs before anything is installed, so that it can install it. */
export function launcherImports(tree: readonly Source[]): string[] {
  return tree
    .filter(({ path }) => path === "cli/sluice.js")
    .flatMap((source) =>
      importsOf(source)
        .filter(({ specifier }) => !/^(node:|\.\.\/dist\/)/.test(specifier))
        .map(({ offset, specifier }) =>
          source.at(offset, `imports ${specifier}: only node:* exists before the install`),
        ),
    );
}
