/**
 * How each peer's program is made and started: the tools it wants, the commands that compile it, run in a copy of its
 * sources, and what comes of them in `out/`. Versions of libraries stand in the peers' own manifests, not here.
 */
import { readdirSync } from "node:fs";
import { delimiter, join } from "node:path";

export type PeerName = "cpp" | "rust" | "java" | "python";

export interface Command {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export interface Recipe {
  readonly language: string;
  /** What is lost without it. */
  readonly peers: string;
  /** Programs to be found on the PATH. */
  readonly tools: readonly string[];
  /** The one whose version decides what is built. */
  readonly compiler: string;
  readonly remedy: string;
  /** Commands to run, in order, in the folder of a copy of the sources. */
  readonly steps: (sources: string) => readonly Command[];
  /** How to start the program that lies in `folder`. */
  readonly start: (folder: string) => Command;
}

/** Agrona reaches into the JDK, and is fastest without its bounds checks. Standard output is for answers alone. */
const JAVA_FLAGS = [
  ...["-Xms256m", "-Xmx256m", "-XX:+UseSerialGC", "-XX:+AlwaysPreTouch", "-XX:+DisplayVMOutputToStderr"],
  ...["-Dagrona.disable.bounds.checks=true", "--add-opens", "java.base/jdk.internal.misc=ALL-UNNAMED"],
];

export const RECIPES: Readonly<Record<PeerName, Recipe>> = {
  cpp: {
    language: "C++",
    peers: "rigtorp, raw atomics",
    tools: ["g++"],
    compiler: "g++",
    remedy: "install g++ 12 or newer",
    steps: () => [
      { command: "g++", args: ["-O3", "-march=native", "-std=c++20", "-pthread", "-o", "out/peer", "main.cpp"] },
    ],
    start: (folder) => ({ command: join(folder, "peer"), args: [] }),
  },
  rust: {
    language: "Rust",
    peers: "rtrb, disruptor-rs, raw atomics",
    tools: ["cargo"],
    compiler: "cargo",
    remedy: "install Rust 1.80 or newer, and let cargo reach a registry of crates once",
    steps: () => [
      {
        command: "cargo",
        args: ["install", "--no-track", "--path", ".", "--root", "out", "--target-dir", "target"],
        env: { RUSTFLAGS: "-C target-cpu=native" },
      },
    ],
    start: (folder) => ({ command: join(folder, "bin", "peer"), args: [] }),
  },
  java: {
    language: "Java",
    peers: "Disruptor, Agrona",
    tools: ["mvn", "javac", "java"],
    compiler: "javac",
    remedy: "install a JDK 17 or newer and Maven, and let Maven reach a repository once",
    steps: (sources) => [
      {
        command: "mvn",
        args: ["-q", "-B", "-Dstyle.color=never", "dependency:copy-dependencies", "-DoutputDirectory=out/lib"],
      },
      {
        command: "javac",
        args: [
          "-encoding",
          "UTF-8",
          "-cp",
          join("out", "lib", "*"),
          "-d",
          join("out", "classes"),
          ...javaFiles(sources),
        ],
      },
    ],
    start: (folder) => {
      const classes = [join(folder, "classes"), join(folder, "lib", "*")].join(delimiter);
      return { command: "java", args: [...JAVA_FLAGS, "-cp", classes, "peers.Main"] };
    },
  },
  python: {
    language: "Python",
    peers: "TA-Lib, hmmlearn, numpy",
    tools: ["python3"],
    compiler: "python3",
    remedy: "install Python 3.11 or newer with pip, and let pip reach an index once",
    steps: (sources) => [
      {
        command: "python3",
        args: [
          "-m",
          "pip",
          "install",
          "--quiet",
          "--only-binary=:all:",
          "--target",
          "out/lib",
          "-r",
          "requirements.txt",
        ],
      },
      { command: "cp", args: [...pythonFiles(sources), "out"] },
    ],
    start: (folder) => ({ command: "python3", args: [join(folder, "main.py")] }),
  },
};

function pythonFiles(sources: string): string[] {
  return readdirSync(sources).filter((file) => file.endsWith(".py"));
}

function javaFiles(sources: string): string[] {
  return readdirSync(join(sources, "peers")).map((file) => join("peers", file));
}
