import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml'
import type { ConfigPath } from './paths.ts'

export interface Place {
  line: number
  column: number
}

/** A parsed file: plain values, and where in the text each of them stands. */
export interface YamlFile {
  /** Undefined for an empty file. */
  tree: unknown
  /** What is wrong with the text as YAML. */
  faults: readonly (Place & { message: string })[]
  /** The place of a value; of its key with `ofKey`; of what encloses it where it is not written. */
  place(path: ConfigPath, ofKey?: boolean): Place
}

/** Reads YAML 1.2 (`yes` and `off` are texts). Never throws; a damaged text gives what can be read and faults. */
export function parseYaml(text: string): YamlFile {
  const lines = new LineCounter()
  // Pretty errors would quote the lines around, and with them secrets.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' })
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset)
    return { line: Math.max(1, line), column: Math.max(1, col) }
  }
  const faults = [...document.errors, ...document.warnings].map((error) => ({
    ...at(error.pos[0]),
    message: `is not valid YAML: ${error.message.split('\n')[0] ?? ''}`,
  }))
  let tree: unknown
  try {
    tree = document.toJS({ maxAliasCount: 100 }) ?? undefined
  } catch (error) {
    if (faults.length === 0)
      faults.push({ line: 1, column: 1, message: `is not valid YAML: ${String(error)}` })
  }
  return { tree, faults, place: (path, ofKey = false) => at(offsetOf(document, path, ofKey)) }
}

function offsetOf(document: Document.Parsed, path: ConfigPath, ofKey: boolean): number {
  let node: Node | null | undefined = document.contents
  let offset = node?.range?.[0] ?? 0
  for (const [depth, step] of path.entries()) {
    const found = childOf(resolved(node, document), step)
    if (!found) break
    const last = depth === path.length - 1
    node = found.value
    offset = (ofKey && last ? found.key : (node ?? found.key))?.range?.[0] ?? offset
  }
  return offset
}

function resolved(node: Node | null | undefined, document: Document.Parsed): Node | null | undefined {
  return isAlias(node) ? node.resolve(document) : node
}

function childOf(node: unknown, step: string | number): { key: Node | null; value: Node | null } | undefined {
  if (isSeq<Node>(node) && typeof step === 'number') {
    const value = node.items[step]
    return value && { key: value, value }
  }
  if (!isMap<Node, Node | null>(node)) return undefined
  const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(step))
  return pair && { key: pair.key, value: pair.value }
}
