import type { PanelName, Size, TopState } from './state.ts'

/** Below this nothing but a line of numbers has room. */
const leastSize: Size = { columns: 60, rows: 15 }

/** What stands where: `rows` counts all lines of a part. */
export interface Layout {
  width: number
  /** All lines: one less than the terminal has, so that its last one never scrolls. */
  height: number
  /** Boxes, or one line of numbers. */
  meters: 'boxes' | 'line'
  /** From top to bottom; the heights add up to the room that there is. */
  bands: readonly Band[]
}

/** Parts beside each other. */
export interface Band {
  height: number
  parts: readonly Part[]
}

/** Lists in one frame: behind each other, of which one is shown, or one below the other. */
export interface Part {
  panels: readonly PanelName[]
  width: number
  together: 'tabs' | 'stacked'
}

const metersHeight = 5
/** A frame, the titles and a row. */
const leastBand = 4
const mostBackends = 6

export function isTooSmall({ columns, rows }: Size): boolean {
  return columns < leastSize.columns || rows < leastSize.rows
}

export function layoutOf({ size, focus, isZoomed, snapshot }: TopState): Layout {
  const { columns: width, rows } = size
  const height = Math.max(1, rows - 1)
  const meters = width >= 100 && rows >= 28 ? 'boxes' : 'line'
  // The header and the footer are a line each.
  const room = height - 2 - (meters === 'boxes' ? metersHeight : 1)
  if (isZoomed) return { width, height, meters, bands: [{ height: room, parts: [alone(focus, width)] }] }
  const shown = shownBands(focus, room)
  const heights = heightsOf(shown, room, snapshot?.backends.length ?? 0)
  const bands = bandNames.flatMap((band) => {
    const own = heights[band]
    if (own === undefined) return []
    return [{ height: own, parts: band === 'bottom' ? bottomParts(width) : [alone(band, width)] }]
  })
  return { width, height, meters, bands }
}

const bandNames = ['backends', 'in_flight', 'bottom'] as const
type BandName = (typeof bandNames)[number]

/** Where there is no room for all, where the keys go comes first. */
function shownBands(focus: PanelName, room: number): ReadonlySet<BandName> {
  const focused = focus === 'backends' || focus === 'in_flight' ? focus : 'bottom'
  const byNeed = new Set<BandName>([focused, 'in_flight', 'bottom', 'backends'])
  return new Set([...byNeed].slice(0, Math.max(1, Math.floor(room / leastBand))))
}

/** Backends have as many lines as they need, up to a limit; the others share the rest, whatever the traffic. */
function heightsOf(
  shown: ReadonlySet<BandName>,
  room: number,
  backendCount: number,
): Partial<Record<BandName, number>> {
  const others = (['in_flight', 'bottom'] as const).filter((band) => shown.has(band))
  const heights: Partial<Record<BandName, number>> = {}
  let rest = room
  if (shown.has('backends')) {
    const needed = 3 + Math.max(1, Math.min(mostBackends, backendCount))
    const most = room - others.length * leastBand
    heights.backends = others.length === 0 ? room : Math.max(leastBand, Math.min(needed, most))
    rest -= heights.backends
  }
  for (const [at, band] of others.entries()) {
    const own = Math.floor(rest / (others.length - at))
    heights[band] = own
    rest -= own
  }
  return heights
}

function alone(panel: PanelName, width: number): Part {
  return { panels: [panel], width, together: 'tabs' }
}

function bottomParts(width: number): Part[] {
  if (width < 110) return [{ panels: ['recent', 'sessions', 'issues'], width, together: 'tabs' }]
  if (width < 180) {
    const side = Math.max(42, Math.floor(width * 0.35))
    return [
      alone('recent', width - side),
      { panels: ['sessions', 'issues'], width: side, together: 'stacked' },
    ]
  }
  const side = Math.floor(width * 0.24)
  return [alone('recent', width - 2 * side), alone('sessions', side), alone('issues', side)]
}
