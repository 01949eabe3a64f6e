/** A promise of the engine that a run has broken, by the checker that noticed. It ends the run. */
export class Violation extends Error {
  override readonly name = "Violation";
  readonly checker: string;

  constructor(checker: string, message: string) {
    super(message);
    this.checker = checker;
  }
}

/** Throws a Violation of `checker` unless the promise holds; the message is only made when it does not. */
export function promise(holds: boolean, checker: string, message: () => string): asserts holds {
  if (!holds) throw new Violation(checker, message());
}
