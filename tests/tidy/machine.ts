/**
 * Traces of one machine or one network: paths of somebody's disk, a package registry, download addresses in the
 * lockfile; and what the lockfile says is installed in production.
 */
import type { Source } from "./source.js";

/** Folders in which a person or a build service keeps a checkout. The pattern does not match its own text. */
const MACHINE_PATH = /(?<![\w.$}\\])\/(home|Users|root|work|workspace|github\/workspace)\/[\w.-]+|\b[A-Z]:\\Users\\/;
const REGISTRY = /\b(registry|npm|artifactory|nexus|verdaccio)\.[a-z0-9-]+\.(org|com|net|io|dev|local|internal)\b/i;

export function machinePaths(tree: readonly Source[]): string[] {
  return tree.flatMap(({ path, lines }) =>
    lines.flatMap((line, at) => {
      const found = MACHINE_PATH.exec(line)?.[0];
      return found === undefined
        ? []
        : [`${path}:${at + 1} holds a path of one machine, "${found}": make it relative or a setting`];
    }),
  );
}

export function registries(tree: readonly Source[]): string[] {
  return tree
    .filter(({ path }) => path === "package-lock.json" || path === ".npmrc")
    .flatMap(({ path, lines }) =>
      lines.flatMap((line, at) => {
        const found = REGISTRY.exec(line)?.[0] ?? /"resolved"|^\s*registry\s*=/.exec(line)?.[0];
        return found === undefined
          ? []
          : [`${path}:${at + 1} names a registry (${found}): install with omit-lockfile-registry-resolved`];
      }),
    );
}

interface LockedPackage {
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
}

export interface Lockfile {
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

/**
 * Paths of the packages that a production install puts on Linux x64; the other platforms' binaries are not installed.
 */
export function productionPackages({ packages }: Lockfile): string[] {
  const fits = (wanted: readonly string[] | undefined, have: string): boolean =>
    wanted === undefined || wanted.includes(have);
  return Object.entries(packages)
    .filter(([path, { dev, devOptional }]) => path !== "" && dev !== true && devOptional !== true)
    .filter(([, { os, cpu }]) => fits(os, "linux") && fits(cpu, "x64"))
    .map(([path]) => path);
}
