/** The names of a schema's enum values as the words that stand in tables: lower case, with hyphens, by number. */

export function enumWords(values: Record<number | string, string | number>): readonly string[] {
  const words: string[] = [];
  for (const [name, value] of Object.entries(values)) {
    if (typeof value === "number") words[value] = name.replace(/(?<=[a-z])(?=[A-Z])/g, "-").toLowerCase();
  }
  return words;
}
