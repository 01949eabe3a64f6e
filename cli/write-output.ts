/** Writes a file that a command was asked for: whole, or not at all. */
import { NodeDisk } from "../actors/disk/node-disk.js";
import { writeDurably } from "../actors/disk/whole-file.js";
import { ConfigError } from "../engine/index.js";

/** Throws ConfigError, which names the option. */
export function writeOutput(option: string, path: string, content: string): void {
  try {
    writeDurably(new NodeDisk(), path, new TextEncoder().encode(content));
  } catch (error) {
    throw new ConfigError(
      `${option} ${path}: ${(error as Error).message}; name a file in a folder that can be written`,
    );
  }
}
