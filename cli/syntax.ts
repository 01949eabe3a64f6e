/** A way through a syntax tree. */
import { type Node, visitorKeys } from "oxc-parser";

export function childrenOf(node: Node): Node[] {
  const fields = node as unknown as Record<string, Node | (Node | null)[] | null | undefined>;
  return (visitorKeys[node.type] ?? []).flatMap((key) => [fields[key]].flat()).filter((child) => !!child) as Node[];
}
