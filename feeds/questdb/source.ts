/**
 * What can run QuestDB on this machine: Docker when its daemon answers, else Java with the pinned jar. When neither
 * can, the error says what each of them lacks and what to install.
 */
import { dockerComplaint } from "./docker-server.js";
import { findJava, type JavaSource } from "./jar.js";

export type QuestdbSource = { readonly how: "docker" } | { readonly how: "java"; readonly java: JavaSource };

/** The first source that works, or an error that lists what each of them lacks. */
export async function findSource(
  only: "docker" | "java" | undefined,
  say: (line: string) => void,
): Promise<QuestdbSource> {
  const complaints: string[] = [];
  if (only !== "java") {
    const complaint = await dockerComplaint();
    if (complaint === null) return { how: "docker" };
    complaints.push(`Docker: ${complaint}`);
  }
  if (only !== "docker") {
    const found = await findJava(say);
    if (typeof found !== "string") return { how: "java", java: found };
    complaints.push(`Java: ${found}`);
  }
  throw new Error(
    `Nothing here can run QuestDB (${complaints.join("; ")}). Start Docker, or install Java 17 or newer and Maven ` +
      "(Debian: `apt install openjdk-17-jre-headless maven`), or set SLUICE_QUESTDB_URL to a server that runs.",
  );
}
