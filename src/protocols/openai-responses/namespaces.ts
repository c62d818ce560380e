import type { Tool } from '../../core/call.ts'

/** Codex groups tools in namespaces; other protocols know one flat list of names. */
export function qualifiedName(namespace: string | undefined, name: string): string {
  return namespace === undefined ? name : `${namespace}__${name}`
}

/** A tool's name within its namespace, as the client that named both expects it. */
export function nameInNamespace(
  qualified: string,
  tools: readonly Tool[],
): { name: string; namespace?: string } {
  const tool = tools.find(({ name }) => name === qualified)
  const namespace = tool?.type === 'function' || tool?.type === 'custom' ? tool.namespace : undefined
  if (namespace === undefined) return { name: qualified }
  return { name: qualified.slice(namespace.length + 2), namespace }
}
