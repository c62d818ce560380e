import { padToColumns } from '../../cli/text-width.ts'
import { box } from '../box.ts'
import { type Binding, bindings } from '../keys.ts'
import { type Line, line, sized, span } from '../lines.ts'

const groups = ['move', 'look', 'do'] as const
const titles = { move: 'MOVE', look: 'LOOK', do: 'DO' } as const
const keysWidth = 6
/** Three columns of this width have room for all words. */
const leastGroupWidth = 25

/** All keys, from their table. */
export function help(width: number, height: number): Line[] {
  const inner = width - 2
  const groupWidth = Math.min(34, Math.floor(inner / groups.length))
  const columns =
    groupWidth >= leastGroupWidth
      ? groups.map((group) => [groupTitle(group), ...ofGroup(group).map(keyLine)])
      : halves(bindings.map(keyLine))
  const filters = [
    line(span(' filter ', 'strong'), 'words that a row has in any column; ! before what it must not have'),
    line('        sonnet   !200   backend:openai   cost>0.05   ttft>2s   (a | b)'),
  ]
  const each = Math.floor(inner / columns.length)
  return box([...besideEachOther(columns, Math.min(34, each)), line(), ...filters], {
    ...{ title: line(span('Help', 'accent')), width, height, isFocused: true },
  })
}

function besideEachOther(columns: readonly (readonly Line[])[], width: number): Line[] {
  const most = Math.max(...columns.map(({ length }) => length))
  return Array.from({ length: most }, (_, at) => columns.flatMap((lines) => sized(lines[at] ?? [], width)))
}

function halves(lines: readonly Line[]): Line[][] {
  const half = Math.ceil(lines.length / 2)
  return [lines.slice(0, half), lines.slice(half)]
}

function groupTitle(group: Binding['group']): Line {
  return line(span(` ${titles[group]}`, 'strong'))
}

function ofGroup(group: Binding['group']): Binding[] {
  return bindings.filter((binding) => binding.group === group)
}

function keyLine({ keys, help: words }: Binding): Line {
  return line(span(padToColumns(` ${keys}`, keysWidth), 'accent'), words)
}
