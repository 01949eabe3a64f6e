/**
 * Makes a bundled capture from a raw recording: `node trim-capture.mjs <raw.gz> <out.gz> --seconds 120`. Lines are
 * `<nanoseconds> <raw json>` and keep their exact bytes; the REST snapshot is moved to the front. The window starts at
 * the whole second of the snapshot, so that recordings made together are trimmed to the same window.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { gunzipSync, gzipSync } from "node:zlib";

const NS_PER_SECOND = 1_000_000_000n;
const USAGE = "usage: node trim-capture.mjs <raw.gz> <out.gz> --seconds <whole seconds>";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seconds: { type: "string", default: "120" } },
});
const [rawPath, outPath] = positionals;
if (!rawPath || !outPath || !/^[1-9]\d*$/.test(values.seconds)) {
  process.stderr.write(`${USAGE}\n`);
  process.exit(2);
}

const lines = gunzipSync(readFileSync(rawPath)).toString("utf8").split("\n").filter(Boolean);
const trimmed = trim(lines, BigInt(values.seconds));
writeFileSync(outPath, gzipSync(`${trimmed.join("\n")}\n`, { level: 9 }));
process.stdout.write(`${outPath}: ${trimmed.length} of ${lines.length} lines\n`);

function trim(lines, seconds) {
  const at = lines.findIndex((line) => line.includes(' {"lastUpdateId":'));
  if (at < 0) throw new Error(`${rawPath} holds no REST depth snapshot`);
  const snapshotId = Number(/"lastUpdateId":(\d+)/.exec(lines[at])[1]);
  const startNs = (timeNs(lines[at]) / NS_PER_SECOND) * NS_PER_SECOND;
  const inWindow = (line) => timeNs(line) >= startNs && timeNs(line) < startNs + seconds * NS_PER_SECOND;
  // The recorder wrote the snapshot when its answer arrived, which may be after frames the snapshot does not contain.
  const early = lines.slice(0, at).filter((line) => updateId(line) > snapshotId);
  return [lines[at], ...[...early, ...lines.slice(at + 1)].filter(inWindow)];
}

function timeNs(line) {
  return BigInt(line.slice(0, line.indexOf(" ")));
}

/** A trade carries no update id, so nothing tells whether it came before the snapshot: it counts as older. */
function updateId(line) {
  const match = /"u":(\d+)/.exec(line);
  return match ? Number(match[1]) : 0;
}
