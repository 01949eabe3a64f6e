/**
 * Finds what a strategy keeps outside of its state: variables of its modules that a function changes. A replay from the
 * beginning would be right with them, but neither a snapshot nor the state hash holds them, so a recovery would not be.
 * Only what a module declares itself is seen, changed by assignment or by a method that is known to change its object.
 */
import { type Node, parseSync } from "oxc-parser";
import { childrenOf } from "./syntax.js";

const CHANGING_METHODS = new Set(
  "push pop shift unshift splice sort reverse fill copyWithin set add delete clear".split(" "),
);

/** The first such variable, as the end of a sentence; undefined when there is none. */
export function moduleStateIn(bundle: string): string | undefined {
  const { program } = parseSync("strategy.js", bundle, { sourceType: "script" });
  const module = declaredIn(program as unknown as Node);
  const name = firstChanged(program as unknown as Node, module, false);
  return (
    name && `changes the module's variable "${name}" in a function: keep what changes in the state that init returns`
  );
}

/** A module variable that the node changes inside of a function; names that a function declares are its own. */
function firstChanged(node: Node, module: ReadonlySet<string>, inFunction: boolean): string | undefined {
  const changed = inFunction ? changedBy(node) : undefined;
  if (changed !== undefined && module.has(changed)) return changed;
  const enters = isFunction(node);
  const visible = enters ? without(module, declaredIn(node)) : module;
  for (const child of childrenOf(node)) {
    const found = firstChanged(child, visible, inFunction || enters);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Name of the variable whose value, or whose object, a node changes. */
function changedBy(node: Node): string | undefined {
  // biome-ignore format: one arm a line
  switch (node.type) {
    case "AssignmentExpression": return rootOf(node.left as Node);
    case "UpdateExpression": return rootOf(node.argument as Node);
    case "UnaryExpression": return node.operator === "delete" ? rootOf(node.argument) : undefined;
    case "CallExpression": return changesByMethod(node.callee) ? rootOf(node.callee) : undefined;
    default: return undefined;
  }
}

function changesByMethod(callee: Node): boolean {
  return callee.type === "MemberExpression" && !callee.computed && CHANGING_METHODS.has(callee.property.name);
}

/** The variable at the beginning of `a`, `a.b`, `a[0].c`. */
function rootOf(node: Node): string | undefined {
  if (node.type === "Identifier") return node.name;
  return node.type === "MemberExpression" ? rootOf(node.object) : undefined;
}

const isFunction = (node: Node): boolean =>
  node.type === "FunctionDeclaration" || node.type === "FunctionExpression" || node.type === "ArrowFunctionExpression";

/** Names that a function, or the module, declares: parameters, variables, functions and classes of its own body. */
function declaredIn(scope: Node): Set<string> {
  const names = new Set<string>();
  const collect = (node: Node): void => {
    if (node !== scope && isFunction(node)) return;
    for (const child of childrenOf(node)) {
      if (child.type === "VariableDeclarator") addPattern(names, child.id as Node);
      if ((child.type === "FunctionDeclaration" || child.type === "ClassDeclaration") && child.id)
        names.add(child.id.name);
      collect(child);
    }
  };
  if (isFunction(scope)) for (const param of (scope as unknown as { params: Node[] }).params) addPattern(names, param);
  collect(scope);
  return names;
}

/** Every name in a pattern such as `{ a, b: [c] }`; reading too many only makes a function's own names more. */
function addPattern(names: Set<string>, pattern: Node): void {
  if (pattern.type === "Identifier") names.add(pattern.name);
  for (const child of childrenOf(pattern)) addPattern(names, child);
}

function without(names: ReadonlySet<string>, hidden: ReadonlySet<string>): ReadonlySet<string> {
  return hidden.size === 0 ? names : new Set([...names].filter((name) => !hidden.has(name)));
}
