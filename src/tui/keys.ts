import type { Mode } from './state.ts'

export type Action =
  | 'down'
  | 'up'
  | 'pageDown'
  | 'pageUp'
  | 'first'
  | 'last'
  | 'nextPanel'
  | 'previousPanel'
  | 'details'
  | 'back'
  | 'filter'
  | 'sort'
  | 'reverse'
  | 'errorsOnly'
  | 'zoom'
  | 'pause'
  | 'faster'
  | 'slower'
  | 'copy'
  | 'help'
  | 'quit'

/** What Ink tells of a key, as far as it matters here. */
export interface Pressed {
  input: string
  key: Partial<Record<SpecialKey, boolean>>
}
export type SpecialKey =
  | 'upArrow'
  | 'downArrow'
  | 'pageUp'
  | 'pageDown'
  | 'home'
  | 'end'
  | 'tab'
  | 'shift'
  | 'return'
  | 'escape'
  | 'ctrl'
  | 'meta'
  | 'backspace'
  | 'delete'

export interface Binding {
  action: Action
  /** As people read it. */
  keys: string
  help: string
  /** The column of the help in which it stands. */
  group: 'move' | 'look' | 'do'
  /** Its word in the footer, in the modes that show it there; those with a higher `dropOrder` give way first. */
  footer?: { labels: Readonly<Partial<Record<Mode, string>>>; dropOrder: number }
  matches: (pressed: Pressed) => boolean
}

const letter =
  (...wanted: readonly string[]) =>
  ({ input, key }: Pressed) =>
    wanted.includes(input) && !key.ctrl && !key.meta

/** The only list of keys: what they do, the footer, the help and README's table are made from it. */
export const bindings: readonly Binding[] = [
  of('help', '?', 'all keys', 'do', letter('?'), {
    labels: { lists: 'help', details: 'help' },
    dropOrder: 0,
  }),
  of('filter', '/', 'filter rows', 'look', letter('/'), { labels: { lists: 'filter' }, dropOrder: 1 }),
  of('sort', 's', 'sort by next column', 'look', letter('s'), {
    labels: { lists: 'sort' },
    dropOrder: 4,
  }),
  of('reverse', 'r', 'reverse the order', 'look', letter('r'), {
    labels: { lists: 'reverse' },
    dropOrder: 8,
  }),
  of('pause', 'p', 'pause, or go on', 'do', letter('p', ' '), {
    labels: { lists: 'pause', details: 'pause' },
    dropOrder: 3,
  }),
  of('details', '⏎', 'details of the row', 'move', ({ key }) => key.return === true, {
    labels: { lists: 'details' },
    dropOrder: 2,
  }),
  of('nextPanel', '⇥', 'next panel, or row', 'move', ({ key }) => key.tab === true && !key.shift, {
    labels: { lists: 'panel', details: 'next row' },
    dropOrder: 5,
  }),
  of('previousPanel', '⇧⇥', 'previous panel', 'move', ({ key }) => key.tab === true && key.shift === true),
  of('zoom', 'z', 'zoom the panel', 'look', letter('z'), { labels: { lists: 'zoom' }, dropOrder: 7 }),
  of('errorsOnly', 'e', 'trouble only', 'look', letter('e'), {
    labels: { lists: 'errors only' },
    dropOrder: 6,
  }),
  of(
    'down',
    '↓ j',
    'next row, or line',
    'move',
    (pressed) => pressed.key.downArrow === true || letter('j')(pressed),
    { labels: { details: 'scroll' }, dropOrder: 2 },
  ),
  of('up', '↑ k', 'previous row', 'move', (pressed) => pressed.key.upArrow === true || letter('k')(pressed)),
  of('pageDown', 'PgDn', 'ten rows on', 'move', ({ key }) => key.pageDown === true),
  of('pageUp', 'PgUp', 'ten rows back', 'move', ({ key }) => key.pageUp === true),
  of('first', 'g', 'first row', 'move', (pressed) => pressed.key.home === true || letter('g')(pressed)),
  of('last', 'G', 'last row', 'move', (pressed) => pressed.key.end === true || letter('G')(pressed)),
  of('copy', 'c', 'copy as a command', 'do', letter('c'), {
    labels: { lists: 'copy', details: 'copy' },
    dropOrder: 9,
  }),
  of('faster', '+', 'refresh more often', 'do', letter('+', '=')),
  of('slower', '-', 'refresh less often', 'do', letter('-')),
  of('back', 'esc', 'back, or no filter', 'move', ({ key }) => key.escape === true, {
    labels: { details: 'back', help: 'back' },
    dropOrder: 1,
  }),
  of('quit', 'q ^C', 'quit', 'do', (pressed) => letter('q')(pressed) || isControlC(pressed), {
    labels: { lists: 'quit', details: 'quit', help: 'quit' },
    dropOrder: 0,
  }),
]

export function actionFor(pressed: Pressed): Action | undefined {
  return bindings.find(({ matches }) => matches(pressed))?.action
}

export function isControlC({ input, key }: Pressed): boolean {
  return key.ctrl === true && input === 'c'
}

function of(
  action: Action,
  keys: string,
  help: string,
  group: Binding['group'],
  matches: Binding['matches'],
  footer?: Binding['footer'],
): Binding {
  return { action, keys, help, group, matches, ...(footer && { footer }) }
}
