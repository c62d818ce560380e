import { bindings } from '../keys.ts'
import { type Line, line, sized, span, widthOf } from '../lines.ts'
import type { TopState } from '../state.ts'
import { glyphs } from '../theme.ts'

/** The last line: what is being typed, what was just done, or the keys that work here. */
export function footer(state: TopState, width: number): Line {
  if (state.mode === 'filter') return sized(filterLine(state), width)
  if (state.notice !== null) return sized(line(span(` ${state.notice.text}`, 'accent')), width)
  return sized(keysLine(state, width), width)
}

function filterLine({ draft }: TopState): Line {
  const typing = line(span(' filter: ', 'accent'), draft.text, span('▏', 'accent'))
  if (draft.fault !== null) return line(...typing, span(`  ${glyphs.bad} ${draft.fault}`, 'bad'))
  return line(...typing, span('  ⏎ keep   esc leave   sonnet  !200  backend:openai  cost>0.05', 'muted'))
}

function keysLine({ mode, isPaused }: TopState, width: number): Line {
  let shown = bindings.flatMap(({ keys, footer, action }) => {
    const own = footer?.labels[mode]
    if (footer === undefined || own === undefined) return []
    const label = action === 'pause' && isPaused ? 'go on' : own
    return [{ key: keys.split(' ', 1)[0] ?? keys, label, dropOrder: footer.dropOrder }]
  })
  const drawn = () =>
    line(...shown.flatMap(({ key, label }) => [span(` ${key}`, 'strong'), span(` ${label} `, 'muted')]))
  while (widthOf(drawn()) > width && shown.length > 2) {
    const most = Math.max(...shown.map(({ dropOrder }) => dropOrder))
    shown = shown.filter(({ dropOrder }) => dropOrder !== most)
  }
  return drawn()
}
