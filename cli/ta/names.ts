/** Names as a command line writes them: `stochasticRsi` is stochastic-rsi, `--atr-period` is atrPeriod. */

export function kebab(name: string): string {
  return name.replace(/(?<=[a-z0-9])[A-Z]|[A-Z](?=[a-z])/g, (letter) => `-${letter.toLowerCase()}`).toLowerCase();
}
