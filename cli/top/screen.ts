/** Lines redrawn in place on a terminal. The cursor is hidden meanwhile and always given back. */
const HIDE_CURSOR = "\u001b[?25l";
const SHOW_CURSOR = "\u001b[?25h";
const CLEAR_LINE = "\u001b[K";
const CLEAR_BELOW = "\u001b[J";

export interface ScreenOutput {
  write(text: string): unknown;
}

export class Screen {
  private readonly out: ScreenOutput;
  private drawn = 0;
  private isOpen = false;

  constructor(out: ScreenOutput) {
    this.out = out;
  }

  draw(lines: readonly string[]): void {
    const begin = this.isOpen ? "" : HIDE_CURSOR;
    this.isOpen = true;
    const back = this.drawn === 0 ? "" : `\u001b[${this.drawn}A`;
    this.out.write(`${begin}${back}${lines.map((line) => `${line}${CLEAR_LINE}\n`).join("")}${CLEAR_BELOW}`);
    this.drawn = lines.length;
  }

  /** Leaves what was drawn last where it is. */
  close(): void {
    if (this.isOpen) this.out.write(SHOW_CURSOR);
    this.isOpen = false;
  }
}
