/** Threads that fail: what the supervisor says, and that nothing hangs. Real workers, built output. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createJournalDirectory } from "../actors/journal/journal-directory.js";
import { prepareMemory } from "../actors/prepare-memory.js";
import { Supervisor } from "../actors/supervisor.js";
import { ThreadContext } from "../actors/threads/thread-data.js";
import { MessageType } from "../schemas/index.js";
import { withDirectory } from "./support/command.js";

/** Puts one record into the log, as the engine would. */
function writeRecord(context: ThreadContext): void {
  const log = context.logWriter();
  log.claim(MessageType.Clock, 0, 1, 1, 32);
  log.commit();
  log.publish();
  context.controls.journal.doorbell.ring();
}

test("a journal that cannot be written fails its thread, with the reason on record", async () => {
  await withDirectory(async (directory) => {
    const data = prepareMemory("shared");
    const context = new ThreadContext("main", data);
    const supervisor = new Supervisor(context);
    await supervisor.start("journal", { ...data, directory: join(directory, "gone") });
    writeRecord(context);
    const failure = await supervisor.failure;
    expect(failure.message).toMatch(/the journal thread failed: ENOENT/);
    expect(context.errors.read().map(({ message }) => message)).toEqual([expect.stringMatching(/^journal: ENOENT/)]);
    await supervisor.stop("journal");
    supervisor.close();
  });
});

test("a thread of another build refuses to join the rings", async () => {
  const data = prepareMemory("shared");
  const supervisor = new Supervisor(new ThreadContext("main", data));
  await expect(
    supervisor.start("journal", { ...data, buildHash: data.buildHash ^ 1, directory: "/nowhere" }),
  ).rejects.toThrow(/the journal thread failed: .*build/);
  supervisor.close();
});

test("a thread that is asked to stop writes what is still in the log first", async () => {
  await withDirectory(async (directory) => {
    createJournalDirectory(directory, new Map());
    const data = prepareMemory("shared");
    const context = new ThreadContext("main", data);
    const supervisor = new Supervisor(context);
    await supervisor.start("journal", { ...data, directory });
    writeRecord(context);
    await supervisor.stop("journal");
    supervisor.close();
    expect(context.counters.get("journal.inputs")).toBe(1);
    expect(context.counters.get("journal.durableSequence")).toBe(1);
  });
});

test("a directory with a journal in it is not written again", async () => {
  await withDirectory(async (directory) => {
    writeFileSync(join(directory, "000000.seg"), "precious");
    expect(() => createJournalDirectory(directory, new Map())).toThrow(/holds a journal already/);
  });
});
