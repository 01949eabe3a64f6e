/**
 * The constant bytes in front of a message's fields: built once, empty, by the stock builder, so that they are its and
 * not ours. `bodyAt` is where the struct stands, `bytes` where the vector's elements begin or the message ends.
 */
import { Builder } from "flatbuffers";

export function prefixOf({ name, struct, vector }, structs) {
  const { bytes: bodyBytes } = structs.get(struct);
  const builder = new Builder(256);
  const vectorAt = vector && emptyVector(builder, structs.get(vector.element)?.bytes ?? 1);
  builder.startObject(vector ? 2 : 1);
  builder.prep(8, bodyBytes);
  builder.pad(bodyBytes);
  const bodyFromEnd = builder.offset();
  builder.addFieldStruct(0, bodyFromEnd, 0);
  if (vector) builder.addFieldOffset(1, vectorAt, 0);
  builder.finish(builder.endObject());
  const made = builder.asUint8Array();
  const bodyAt = made.length - bodyFromEnd;
  if (bodyAt % 8 || made.length % 8) {
    throw new Error(`table ${name}: its body stands at byte ${bodyAt} of ${made.length}, which must be multiples of 8`);
  }
  return { words: [...new Int32Array(made.slice().buffer)], bodyAt, bytes: made.length };
}

/** Elements begin at a multiple of eight, whatever they are. */
function emptyVector(builder, elementBytes) {
  builder.startVector(elementBytes, 0, 8);
  return builder.endVector();
}
