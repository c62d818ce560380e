import { selectedRow } from '../act.ts'
import { box } from '../box.ts'
import type { Part } from '../layout.ts'
import { type Line, line, type Span, span } from '../lines.ts'
import { lists } from '../lists/index.ts'
import type { PanelName, TopState } from '../state.ts'
import { drawList } from '../table/draw-list.ts'
import type { List } from '../table/list-spec.ts'
import type { ListedRow } from '../table/listed-row.ts'

/** One or several lists in a frame. */
export function listPart(state: TopState, part: Part, height: number): Line[] {
  return part.together === 'stacked' ? stacked(state, part, height) : tabs(state, part, height)
}

/** One list is shown; the names of the others stand in the title. */
function tabs(state: TopState, { panels, width }: Part, height: number): Line[] {
  const shown = panels.find((panel) => panel === state.focus) ?? panels[0] ?? 'recent'
  const rows = lists[shown].rows(state)
  const others = panels.filter((panel) => panel !== shown).map((panel) => titleText(state, panel))
  const behind = others.length === 0 ? [] : [span(`  (⇥ ${others.join('  ')})`, 'muted')]
  const isFocused = shown === state.focus
  return box(drawn(state, shown, rows, { width: width - 2, height: height - 2 }), {
    title: line(titleSpan(state, shown), ...behind),
    note: [...noteOf(state, lists[shown], rows.length)],
    ...{ width, height, isFocused },
  })
}

/** One below the other, the first with a little more room. */
function stacked(state: TopState, { panels, width }: Part, height: number): Line[] {
  const inner = height - 2
  // The first has titles and one row more.
  const first = Math.ceil(inner * 0.6)
  const shares = panels.map((_, at) => (at === 0 ? first : inner - first))
  const title = panels.flatMap((panel, at) => [
    ...(at === 0 ? [] : [span(' · ', 'muted')]),
    titleSpan(state, panel),
  ])
  const content = panels.flatMap((panel, at) => {
    const hasTitles = at === 0
    const room = { width: width - 2, height: shares[at] ?? 0, hasTitles }
    const lines = drawn(state, panel, lists[panel].rows(state), room)
    return Array.from({ length: shares[at] ?? 0 }, (_, row) => lines[row] ?? [])
  })
  return box(content, { title, width, height, isFocused: panels.includes(state.focus) })
}

interface Room {
  width: number
  height: number
  hasTitles?: boolean
}

function drawn(state: TopState, panel: PanelName, rows: ListedRow[], room: Room): Line[] {
  const selected = panel === state.focus ? (selectedRow(state)?.index ?? null) : null
  return drawList(lists[panel], { rows, sorting: state.sortings[panel], selected, ...room })
}

function titleSpan(state: TopState, panel: PanelName): Span {
  return span(titleText(state, panel), panel === state.focus ? 'accent' : 'strong')
}

function titleText(state: TopState, panel: PanelName): string {
  const total = lists[panel].total(state)
  return panel === 'recent' || panel === 'backends' ? lists[panel].title : `${lists[panel].title} ${total}`
}

/** What the order is, and what is left out. */
function noteOf(state: TopState, list: List, shownCount: number): Line {
  const { by, reversed } = state.sortings[list.name]
  const { filter, errorsOnly } = state
  const total = list.total(state)
  const isCut = shownCount < total
  const filtered = list.isFiltered && filter.text !== '' ? `filter ${filter.text}` : null
  const parts = [
    ...(list.name === 'backends' ? [backendsNote(state)] : []),
    isCut ? `${shownCount} of ${total}` : null,
    errorsOnly ? 'errors only' : null,
    filtered,
    by !== null || reversed || state.focus === list.name
      ? `sort ${by ?? list.order.words}${reversed ? ', reversed' : ''}`
      : null,
  ].filter((part) => part !== null)
  return parts.length === 0 ? [] : [span(parts.join('   '), 'muted')]
}

/** `1 open · 1 half open` */
function backendsNote({ snapshot }: TopState): string | null {
  const counts = new Map<string, number>()
  for (const { state } of snapshot?.backends ?? []) {
    if (state !== 'ok') counts.set(state, (counts.get(state) ?? 0) + 1)
  }
  if (counts.size === 0) return null
  return [...counts].map(([state, count]) => `${count} ${state.replaceAll('_', ' ')}`).join(' · ')
}
