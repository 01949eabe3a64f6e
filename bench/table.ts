/**
 * Tables as data, and their two forms: aligned text for a terminal, Markdown for a document. Numbers come formatted.
 */
export interface Table {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** How many columns at the left hold words; the others hold numbers and align right. */
  readonly words: number;
  readonly notes: readonly string[];
}

export function renderText(tables: readonly Table[]): string {
  return tables.map(textOf).join("\n\n");
}

export function renderMarkdown(tables: readonly Table[]): string {
  return tables.map(markdownOf).join("\n\n");
}

function textOf({ title, head, rows, words, notes }: Table): string {
  const lines = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...lines.map((cells) => [...cells[column]].length)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => pad(cell, widths[column], column >= words))
      .join("  ")
      .trimEnd();
  const body =
    head.length === 0 ? [] : [line(head), widths.map((width) => "─".repeat(width)).join("  "), ...rows.map(line)];
  return [title, ...body.map(indented), ...notes.map(indented)].join("\n");
}

function markdownOf({ title, head, rows, words, notes }: Table): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const rule = head.map((_, column) => (column < words ? "---" : "--:"));
  const body = head.length === 0 ? [] : [line(head), line(rule), ...rows.map(line)];
  const list = notes.map((note) => `- ${note}`);
  return [`**${title}**`, body.join("\n"), list.join("\n")].filter((part) => part !== "").join("\n\n");
}

function pad(cell: string, width: number, right: boolean): string {
  const space = " ".repeat(width - [...cell].length);
  return right ? space + cell : cell + space;
}

const indented = (line: string): string => `  ${line}`;
