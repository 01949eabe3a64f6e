/** Documents: one title each, and links that lead to a file, and to a heading in it, that exist. */
import { existsSync } from "node:fs";
import { join, posix } from "node:path";
import { ROOT, type Source } from "./source.js";

const documents = (tree: readonly Source[]): Source[] => tree.filter(({ path }) => path.endsWith(".md"));

export function titles(tree: readonly Source[]): string[] {
  return documents(tree).flatMap((source) => {
    const count = prose(source).filter((line) => /^# \S/.test(line)).length;
    return count === 1 ? [] : [`${source.path}:1 has ${count} titles: write exactly one "# Title"`];
  });
}

/** Relative links whose file or heading is missing. */
export function deadLinks(tree: readonly Source[]): string[] {
  const byPath = new Map(tree.map((source) => [source.path, source]));
  return documents(tree).flatMap((source) =>
    prose(source).flatMap((line, at) =>
      [...line.matchAll(/\]\(<?([^)\s>]+)>?[^)]*\)/g)]
        .map(([, target]) => target)
        .filter((target) => !/^[a-z]+:/.test(target) && !leads(source, target, byPath))
        .map((target) => `${source.path}:${at + 1} links to ${target}, which is not there: mend the link`),
    ),
  );
}

function leads(source: Source, target: string, byPath: ReadonlyMap<string, Source>): boolean {
  const [file, heading] = target.split("#", 2);
  const path = file === "" ? source.path : posix.normalize(posix.join(posix.dirname(source.path), decodeURI(file)));
  if (!existsSync(join(ROOT, path)) && !byPath.has(path)) return false;
  const document = byPath.get(path);
  return heading === undefined || heading === "" || document === undefined || headingsOf(document).includes(heading);
}

/** Anchors as GitHub makes them from headings. */
function headingsOf(source: Source): string[] {
  return prose(source)
    .filter((line) => /^#+ /.test(line))
    .map((line) =>
      line
        .replace(/^#+ /, "")
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
        .replaceAll(" ", "-"),
    );
}

/** Lines outside fenced code; those inside are blanked so that line numbers stay. */
function prose({ lines }: Source): string[] {
  let fenced = false;
  return lines.map((line) => {
    const fence = /^\s*(```|~~~)/.test(line);
    if (fence) fenced = !fenced;
    return fence || fenced ? "" : line;
  });
}
