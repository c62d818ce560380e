import { beside } from './box.ts'
import { details } from './details/details.ts'
import { isTooSmall, type Layout, layoutOf } from './layout.ts'
import { inStyle, type Line, line, sized, span } from './lines.ts'
import { footer } from './panels/footer.ts'
import { header } from './panels/header.ts'
import { help } from './panels/help.ts'
import { listPart } from './panels/list-panel.ts'
import { meterBoxes, meterLine, numbersLine } from './panels/meters.ts'
import { isQuiet, welcome } from './panels/welcome.ts'
import type { TopState } from './state.ts'

/** The whole picture: one line less than the terminal has, each as wide as it. */
export function picture(state: TopState): Line[] {
  const { columns: width, rows } = state.size
  if (isTooSmall(state.size)) return small(state)
  const layout = layoutOf(state)
  const body = bodyLines(state, layout)
  // What is old is drawn as such; the first line says how old.
  const shown = state.away === null ? body : body.map((one) => inStyle(one, 'muted'))
  const lines = [header(state, width), ...shown, footer(state, width)]
  return Array.from({ length: Math.max(1, rows - 1) }, (_, at) => sized(lines[at] ?? [], width))
}

function bodyLines(state: TopState, layout: Layout): Line[] {
  const { snapshot, mode } = state
  const { width, bands } = layout
  const room = bands.reduce((sum, { height }) => sum + height, 0)
  if (snapshot === null) return [line(), line(span(' asking the proxy …', 'muted'))]
  const meters = layout.meters === 'boxes' ? meterBoxes(snapshot, width) : [meterLine(snapshot, width)]
  if (mode === 'help') return [...meters, ...help(width, room)]
  if (mode === 'details') return [...meters, ...details(state, width, room)]
  return [...meters, ...listLines(state, layout)]
}

function listLines(state: TopState, layout: Layout): Line[] {
  // Where nothing has passed, there is nothing in flight to look at either.
  const isWelcoming = isQuiet(state) && !state.isZoomed
  const { bands, width } = isWelcoming ? layoutOf({ ...state, focus: 'backends' }) : layout
  return bands.flatMap((band) => {
    const isInFlight = band.parts.some(({ panels }) => panels.includes('in_flight'))
    return isWelcoming && isInFlight ? welcome(state, width, band.height) : bandLines(state, band)
  })
}

function bandLines(state: TopState, { parts, height }: Layout['bands'][number]): Line[] {
  return beside(...parts.map((part) => listPart(state, part, height)))
}

function small({ snapshot, size, away }: TopState): Line[] {
  const numbers = snapshot === null ? line(' asking the proxy …') : numbersLine(snapshot)
  const lines = [
    sized(away === null ? numbers : inStyle(numbers, 'muted'), size.columns),
    sized(line(span(' make the window larger', 'muted')), size.columns),
  ]
  return lines.slice(0, Math.max(1, size.rows - 1))
}
