/** Types of nodes.mjs, which runs before anything is compiled. */
export interface NodeCommand {
  readonly version: string;
  readonly command: string;
}

export interface MissingNode {
  readonly version: string;
  readonly reason: string;
}

export const NODE_VERSIONS: readonly string[];
export const thisNode: NodeCommand;
export function findNodes(
  cache: string,
  say: (text: string) => void,
): { readonly nodes: readonly NodeCommand[]; readonly leftOut: readonly MissingNode[] };
