/**
 * The Java that can run QuestDB and the jar it runs: found, or fetched once by Maven into the user's cache. A jar is
 * used only after its SHA-256 was compared with the pinned one, each time; a download takes its final name only after
 * that.
 */
import { createHash } from "node:crypto";
import { createReadStream, mkdirSync, mkdtempSync, renameSync, rmSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { runCommand } from "./command.js";

/** The newest version that Java 17 runs; 9.4 and later want Java 25. */
export const QUESTDB_VERSION = "9.3.4";
const JAR_NAME = `questdb-${QUESTDB_VERSION}.jar`;
const JAR_BYTES = 29_831_811;
const JAR_SHA256 = "939bc53ab22f93dbaa6545143a6e7c536d4904c07b7f2d381e8eef10436be062";

const OLDEST_JAVA = 17;
const PROBE_DEADLINE_MS = 15_000;
const DOWNLOAD_DEADLINE_MS = 600_000;
const COPY_GOAL = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy";

export interface JavaSource {
  readonly java: string;
  readonly jar: string;
}

/** A Java of at least 17 and the verified jar, or in one line why there is none. */
export async function findJava(say: (line: string) => void): Promise<JavaSource | string> {
  const java = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, "bin", "java") : "java";
  const complaint = await javaComplaint(java);
  if (complaint !== null) return complaint;
  const jar = join(cacheDirectory(), JAR_NAME);
  if (await isTheJar(jar)) return { java, jar };
  return (await fetchJar(jar, say)) ?? { java, jar };
}

/** Whether the file is, byte for byte, the pinned jar. */
export async function isTheJar(path: string): Promise<boolean> {
  if (statSync(path, { throwIfNoEntry: false })?.size !== JAR_BYTES) return false;
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex") === JAR_SHA256;
}

/** `<user cache>/sluice`. */
export function cacheDirectory(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "sluice");
}

async function javaComplaint(java: string): Promise<string | null> {
  const probe = await runCommand(java, ["-version"], { deadlineMs: PROBE_DEADLINE_MS });
  if (!probe.ok) return probe.reason;
  const version = /version "(\d+)([^"]*)"/.exec(probe.lines.join("\n"));
  if (version === null) return `${java} -version named no version (was ${probe.lines[0] ?? "nothing"})`;
  return Number(version[1]) >= OLDEST_JAVA
    ? null
    : `Java is too old (was ${version[1]}${version[2]}, wants ${OLDEST_JAVA})`;
}

/** Returns null when the jar is in place, else why it is not. */
async function fetchJar(jar: string, say: (line: string) => void): Promise<string | null> {
  const cache = cacheDirectory();
  mkdirSync(cache, { recursive: true });
  const temporary = mkdtempSync(join(cache, "download-"));
  try {
    say(`Fetching QuestDB ${QUESTDB_VERSION} (${Math.round(JAR_BYTES / 1e6)} MB) with Maven into ${cache}.`);
    const args = [
      "-B",
      COPY_GOAL,
      `-Dartifact=org.questdb:questdb:${QUESTDB_VERSION}`,
      `-DoutputDirectory=${temporary}`,
    ];
    const outcome = await runCommand("mvn", args, {
      deadlineMs: DOWNLOAD_DEADLINE_MS,
      onLine: (line) => say(`mvn: ${line}`),
    });
    if (!outcome.ok) return `the QuestDB jar is not in ${cache} and could not be fetched: ${outcome.reason}`;
    if (!(await isTheJar(join(temporary, JAR_NAME)))) {
      return (
        `the jar Maven delivered is not the pinned one (SHA-256 ${JAR_SHA256}); ` +
        `delete org/questdb/questdb/${QUESTDB_VERSION} in Maven's local repository and try again`
      );
    }
    renameSync(join(temporary, JAR_NAME), jar);
    return null;
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}
