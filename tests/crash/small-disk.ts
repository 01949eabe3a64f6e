/** A file system of its own, so small that it can be filled, for what a healthy machine cannot be made to do. */
import { execFileSync } from "node:child_process";
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, statfsSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PAGE = new Uint8Array(4_096);

export class SmallDisk {
  readonly directory: string;
  private readonly parent: string;

  private constructor(parent: string) {
    this.parent = parent;
    this.directory = join(parent, "disk");
  }

  /** Null where mounting is refused; that is said loudly. */
  static mount(bytes: number): SmallDisk | null {
    const disk = new SmallDisk(mkdtempSync(join(tmpdir(), "sluice-crash-")));
    mkdirSync(disk.directory);
    try {
      run("mount", "-t", "tmpfs", "-o", `size=${bytes}`, "sluice-test", disk.directory);
      return disk;
    } catch (error) {
      rmSync(disk.parent, { recursive: true });
      console.warn(`NOT TESTED: no file system can be mounted here (${(error as Error).message.split("\n")[1]})`);
      return null;
    }
  }

  unmount(): void {
    run("umount", "-l", this.directory);
    rmSync(this.parent, { recursive: true });
  }

  get freeBytes(): number {
    const { bavail, bsize } = statfsSync(this.directory);
    return bavail * bsize;
  }

  /** Takes all room but so much of it; with none to be left, until the disk says that there is none. */
  fill(leavingBytes: number): void {
    const ballast = openSync(this.ballast, "a");
    try {
      while (this.freeBytes > leavingBytes) writeSync(ballast, PAGE);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
    } finally {
      closeSync(ballast);
    }
  }

  makeRoom(): void {
    rmSync(this.ballast);
  }

  makeReadOnly(): void {
    run("mount", "-o", "remount,ro", this.directory);
  }

  makeWritable(): void {
    run("mount", "-o", "remount,rw", this.directory);
  }

  private get ballast(): string {
    return join(this.directory, "ballast");
  }
}

const run = (command: string, ...args: readonly string[]): void =>
  void execFileSync(command, args, { stdio: "pipe", encoding: "utf8" });
