import { fitsModel } from '../query/name-patterns.ts'

/** Names of one model on both sides. */
export interface ModelGroup {
  /** For people: without a provider before it. */
  name: string
  invoice: readonly string[]
  ledger: readonly string[]
}

/**
 * Which names of an invoice and of a ledger mean the same model: equal but for the provider before it and a variant
 * behind it; else equal but for a date; else the same words in another order (OpenRouter lists `claude-sonnet-4.5` as
 * `claude-4.5-sonnet-20250929`). A name that has its like on the other side is put together with no other.
 */
export function matchModels(invoice: readonly string[], ledger: readonly string[]): ModelGroup[] {
  const groups = new Map<string, Group>()
  for (const name of invoice) groupOf(groups, bareName(name)).invoice.push(name)
  for (const name of ledger) groupOf(groups, bareName(name)).ledger.push(name)
  for (const isSame of [differInDate, differInOrder]) joinAlone([...groups.values()], isSame)
  return [...new Set([...groups.values()].map(rootOf))].map(({ name, invoice: theirs, ledger: ours }) => ({
    ...{ name, invoice: theirs, ledger: ours },
  }))
}

interface Group {
  name: string
  invoice: string[]
  ledger: string[]
  /** The group that this one became a part of. */
  joined: Group | null
}

function groupOf(groups: Map<string, Group>, name: string): Group {
  const known = groups.get(name)
  if (known) return known
  const group: Group = { name, invoice: [], ledger: [], joined: null }
  groups.set(name, group)
  return group
}

/** `anthropic/Claude-Sonnet-4.5:beta` is `claude-sonnet-4.5`. */
function bareName(model: string): string {
  const name = model.slice(model.lastIndexOf('/') + 1).toLowerCase()
  return name.replace(/(?<=.):[a-z][\w-]*$/, '')
}

/** Joins each group that one side only has with those of the other side that are the same. */
function joinAlone(groups: readonly Group[], isSame: (a: string, b: string) => boolean): void {
  const isAlone = (group: Group) => group.invoice.length === 0 || group.ledger.length === 0
  const alone = groups.filter((group) => group.joined === null && isAlone(group))
  for (const one of alone) {
    const side = one.invoice.length > 0 ? 'ledger' : 'invoice'
    const others = groups.filter((other) => other !== one && other[side].length > 0)
    for (const other of others) if (isSame(one.name, other.name)) join(rootOf(one), rootOf(other))
  }
}

function join(a: Group, b: Group): void {
  if (a === b) return
  a.name = a.name.length <= b.name.length ? a.name : b.name
  a.invoice.push(...b.invoice)
  a.ledger.push(...b.ledger)
  b.joined = a
}

function rootOf(group: Group): Group {
  let root = group
  while (root.joined) root = root.joined
  return root
}

function differInDate(a: string, b: string): boolean {
  return (
    !a.includes('*') && !b.includes('*') && (fitsModel(a, b) || fitsModel(b, a) || undated(a) === undated(b))
  )
}

function differInOrder(a: string, b: string): boolean {
  return words(a) === words(b)
}

/** The rule of filters, asked the other way round: the name of which this is the dated one. */
function undated(name: string): string {
  for (let at = name.length - 1; at > 0; at--) {
    const base = name.slice(0, at)
    if (/[-@]/.test(name[at] ?? '') && fitsModel(name, base)) return base
  }
  return name
}

/** Words in any order, numbers in theirs: 4.5 is not 5.4. */
function words(name: string): string {
  const all = undated(name).split(/[-._ @]/)
  const isNumber = (word: string) => /^\d+$/.test(word)
  return [...all.filter((word) => !isNumber(word)).sort(), ...all.filter(isNumber)].join(' ')
}
