/** Cells in columns for a terminal: the first column to the left, the others, which are numbers, to the right. */

export function textTable(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = head.map((word, column) => Math.max(word.length, ...rows.map((row) => row[column].length)));
  return [head, ...rows].map((row) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]))).join("  "),
  );
}
