/**
 * DIR/identity.json: which host a data directory belongs to. A journal that was copied to another host while the first
 * may still trade with it would be two engines of one account, so recovery asks, and accepts only when it is told to.
 */
import { join } from "node:path";
import { z } from "zod";
import { ConfigError } from "../../engine/index.js";
import type { Disk } from "../disk/disk.js";
import { readWhole, writeDurably } from "../disk/whole-file.js";
import type { Host } from "./host.js";

const identitySchema = z.object({ format: z.literal(1), hostId: z.string(), host: z.string(), createdAt: z.string() });

export type Identity = z.infer<typeof identitySchema>;

/** Null for a directory that has none yet. Throws ConfigError when the file cannot be understood. */
export function readIdentity(disk: Disk, directory: string): Identity | null {
  const path = identityPath(directory);
  if (!disk.exists(path)) return null;
  const parsed = identitySchema.safeParse(parseJson(new TextDecoder().decode(readWhole(disk, path))));
  if (parsed.success) return parsed.data;
  throw new ConfigError(
    `${path} is damaged, or a newer Sluice's; if this host alone uses ${directory}, remove the file and start again`,
  );
}

/** Whether a directory was written on another host. */
export const isForeign = (identity: Identity | null, host: Host): boolean =>
  identity !== null && identity.hostId !== host.id;

/** From now on the directory is this host's. `nowMs` is wall time. */
export function writeIdentity(disk: Disk, directory: string, host: Host, nowMs: number): void {
  const createdAt = new Date(nowMs).toISOString();
  const identity: Identity = { format: 1, hostId: host.id, host: host.name, createdAt };
  writeDurably(disk, identityPath(directory), new TextEncoder().encode(`${JSON.stringify(identity)}\n`));
}

const identityPath = (directory: string): string => join(directory, "identity.json");

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
