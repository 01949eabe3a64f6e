/**
 * What today's schemas would misread of the last release's bytes, as one line a fault: schema, field, was and now.
 * Messages, structs and enum values may be added; a name that was a reserved field may be given to it. Nothing else.
 */
import { isReserved } from "./model.mjs";

export function breaksBetween(was, now) {
  return [
    ...[...was.enums].flatMap(([name, released]) => enumBreaks(name, released, now.enums.get(name))),
    ...[...was.structs].flatMap(([name, released]) => structBreaks(name, released, now.structs.get(name))),
    ...was.tables.flatMap((released) =>
      tableBreaks(
        released,
        now.tables.find(({ name }) => name === released.name),
      ),
    ),
  ];
}

function enumBreaks(name, was, now) {
  if (!now) return [`enum ${name}: was ${was.base}, now missing`];
  if (was.base !== now.base) return [`enum ${name}: was ${was.base}, now ${now.base}`];
  return [...was.values].flatMap(([key, value]) => {
    const given = now.values.get(key);
    return given === value ? [] : [`enum ${name}.${key}: was ${value}, now ${given ?? "missing"}`];
  });
}

/** The first field that differs; those behind it have only moved. */
function structBreaks(name, was, now) {
  if (!now) return [`struct ${name}: was ${was.bytes} bytes, now missing`];
  const count = Math.max(was.fields.length, now.fields.length);
  for (let index = 0; index < count; index += 1) {
    const [old, young] = [was.fields[index], now.fields[index]];
    if (!isSameField(old, young)) {
      return [`struct ${name}.${(old ?? young).name}: was ${fieldText(old)}, now ${fieldText(young)}`];
    }
  }
  return [];
}

function isSameField(was, now) {
  if (!was || !now || was.type !== now.type || was.offset !== now.offset) return false;
  return was.name === now.name || isReserved(was);
}

function fieldText(field) {
  return field ? `${field.name}:${field.type} at byte ${field.offset}` : "missing";
}

function tableBreaks(was, now) {
  const [old, young] = [tableText(was), now ? tableText(now) : "missing"];
  return old === young ? [] : [`table ${was.name}: was ${old}, now ${young}`];
}

function tableText({ struct, vector }) {
  return vector ? `${struct} and ${vector.name}:[${vector.element}]` : struct;
}
