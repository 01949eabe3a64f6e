/** Damages frames in seeded ways: what a broken line, a broken venue or a broken parser might make of them. */
const ALPHABET = [...'{}[]",:.0123456789eE+-\\ \t\ntfnuabABsUmpqT', "\u0000", "\u00e9"];
const NUMBER_FORMS = [
  "1e-7",
  "-1",
  "NaN",
  "1.0",
  "01",
  "1.",
  ".5",
  "0x1f",
  "null",
  "true",
  "Infinity",
  "-0",
  "0",
  "1E3",
  "9007199254740992",
  "9007199254740991",
  '"1e-7"',
  '"-1"',
  '""',
  '"1."',
  '".5"',
  '"+1"',
  '"1_000"',
  '"1,5"',
  '"0"',
  '"00.01"',
  '"0.001"',
  '"0.00001"',
  '"0.000001"',
  '"21474836.47"',
  '"21474836.48"',
  '"90071992547.40991"',
  '"9007199254740992"',
  '" 1"',
  '"12345678901234567"',
  '"0.1234567890123456789"',
  '"1\\u0030"',
  "[]",
  "{}",
  '[["1","1"]]',
  '[["1"]]',
  '[["1","1",[]]]',
];
const EXTRA = [
  '"x":1',
  '"M":true',
  '"st":{"e":"trade"}',
  '"e":"trade"',
  '"s":"BTCUSDT"',
  '"b":1',
  '"\\u0065":1',
  '"":[]',
  '"id":7',
  '"result":null',
  '"error":{}',
  '"data":{}',
  '"stream":"x"',
  '"k":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]',
];

export type Draw = (below: number) => number;

export function mutate(text: string, draw: Draw): string {
  const times = 1 + (draw(4) === 0 ? draw(3) : 0);
  for (let time = 0; time < times; time += 1) text = MUTATIONS[draw(MUTATIONS.length)](text, draw);
  return text;
}

const pick = <T>(list: readonly T[], draw: Draw): T => list[draw(list.length)];
const splice = (text: string, at: number, remove: number, insert: string): string =>
  text.slice(0, at) + insert + text.slice(at + remove);

const MUTATIONS: readonly ((text: string, draw: Draw) => string)[] = [
  // A flipped bit.
  (text, draw) => {
    const at = draw(text.length);
    return splice(text, at, 1, String.fromCharCode(text.charCodeAt(at) ^ (1 << draw(8))));
  },
  (text, draw) => splice(text, draw(text.length), 1 + draw(8), ""),
  (text, draw) => text.slice(0, draw(text.length)),
  (text, draw) => splice(text, draw(text.length + 1), 0, pick(ALPHABET, draw)),
  (text, draw) => splice(text, draw(text.length), 1, pick(ALPHABET, draw)),
  // A changed digit: mostly still a frame.
  (text, draw) => replaceNth(text, /\d/g, draw, () => String(draw(10))),
  // A number in another form.
  (text, draw) => replaceNth(text, /"\d+\.\d+"|(?<=:)\d+/g, draw, () => pick(NUMBER_FORMS, draw)),
  (text, draw) => replaceNth(text, /(?<=:)("[^"]*"|\d+|true|false)/g, draw, () => pick(NUMBER_FORMS, draw)),
  // One more member, before or after another.
  (text, draw) => replaceNth(text, /(?<=\{)/g, draw, () => `${pick(EXTRA, draw)},`),
  (text, draw) => replaceNth(text, /(?=\})/g, draw, () => `,${pick(EXTRA, draw)}`),
  (text, draw) => replaceNth(text, /[{}[\],:]/g, draw, (found) => `${pick([" ", "\n", "\t\r"], draw)}${found} `),
  // Members in another order.
  (text, draw) => moveMember(text, draw),
  (text, draw) => replaceNth(text, /"[a-zA-Z]"(?=:)/g, draw, () => `"${pick([..."esETtUumpqbBaAxyz"], draw)}"`),
  (text) =>
    text.startsWith('{"stream"') ? text.slice(text.indexOf('"data":') + 7, -1) : `{"stream":"s","data":${text}}`,
  (text) =>
    text.startsWith('{"stream"') ? `{"data":${text.slice(text.indexOf('"data":') + 7, -1)},"stream":"s"}` : text,
];

function replaceNth(text: string, pattern: RegExp, draw: Draw, by: (found: string) => string): string {
  const found = [...text.matchAll(pattern)];
  if (found.length === 0) return text;
  const { 0: old, index } = pick(found, draw);
  return splice(text, index, old.length, by(old));
}

/** Moves a member with a plain value, such as the symbol, behind the other members. */
function moveMember(text: string, draw: Draw): string {
  const found = [...text.matchAll(/"[a-zA-Z]":("[^"]*"|\d+|true|false),/g)];
  if (found.length === 0) return text;
  const { 0: member, index } = pick(found, draw);
  const without = splice(text, index, member.length, "");
  const end = without.indexOf("}");
  return end < 0 ? text : splice(without, end, 0, `,${member.slice(0, -1)}`);
}
