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
  /** In the footer, and in which modes; shorter ones of `label`. */
  footer?: { modes: readonly Mode[]; label: string; dropOrder: number }
  matches: (pressed: Pressed) => boolean
}

const letter =
  (...wanted: readonly string[]) =>
  ({ input, key }: Pressed) =>
    wanted.includes(input) && !key.ctrl && !key.meta

/** The only list of keys: what they do, the footer, the help and README's table are made from it. */
export const bindings: readonly Binding[] = [
  of('help', '?', 'all keys', 'do', letter('?'), {
    modes: ['lists', 'details'],
    label: 'help',
    dropOrder: 0,
  }),
  of('filter', '/', 'filter rows', 'look', letter('/'), { modes: ['lists'], label: 'filter', dropOrder: 1 }),
  of('sort', 's', 'sort by next column', 'look', letter('s'), {
    modes: ['lists'],
    label: 'sort',
    dropOrder: 4,
  }),
  of('reverse', 'r', 'reverse the order', 'look', letter('r'), {
    modes: ['lists'],
    label: 'reverse',
    dropOrder: 8,
  }),
  of('pause', 'p', 'pause, or go on', 'do', letter('p', ' '), {
    ...{ modes: ['lists', 'details'], label: 'pause', dropOrder: 3 },
  }),
  of('details', '⏎', 'details of the row', 'move', ({ key }) => key.return === true, {
    ...{ modes: ['lists'], label: 'details', dropOrder: 2 },
  }),
  of('nextPanel', '⇥', 'next panel', 'move', ({ key }) => key.tab === true && !key.shift, {
    ...{ modes: ['lists'], label: 'panel', dropOrder: 5 },
  }),
  of('previousPanel', '⇧⇥', 'previous panel', 'move', ({ key }) => key.tab === true && key.shift === true),
  of('zoom', 'z', 'zoom the panel', 'look', letter('z'), { modes: ['lists'], label: 'zoom', dropOrder: 7 }),
  of('errorsOnly', 'e', 'trouble only', 'look', letter('e'), {
    ...{ modes: ['lists'], label: 'errors only', dropOrder: 6 },
  }),
  of('down', '↓ j', 'next row', 'move', (pressed) => pressed.key.downArrow === true || letter('j')(pressed)),
  of('up', '↑ k', 'previous row', 'move', (pressed) => pressed.key.upArrow === true || letter('k')(pressed)),
  of('pageDown', 'PgDn', 'ten rows on', 'move', ({ key }) => key.pageDown === true),
  of('pageUp', 'PgUp', 'ten rows back', 'move', ({ key }) => key.pageUp === true),
  of('first', 'g', 'first row', 'move', (pressed) => pressed.key.home === true || letter('g')(pressed)),
  of('last', 'G', 'last row', 'move', (pressed) => pressed.key.end === true || letter('G')(pressed)),
  of('copy', 'c', 'copy as a command', 'do', letter('c'), {
    ...{ modes: ['lists', 'details'], label: 'copy', dropOrder: 9 },
  }),
  of('faster', '+', 'refresh more often', 'do', letter('+', '=')),
  of('slower', '-', 'refresh less often', 'do', letter('-')),
  of('back', 'esc', 'back, or no filter', 'move', ({ key }) => key.escape === true, {
    ...{ modes: ['details', 'help'], label: 'back', dropOrder: 1 },
  }),
  of('quit', 'q ^C', 'quit', 'do', (pressed) => letter('q')(pressed) || isControlC(pressed), {
    ...{ modes: ['lists', 'details', 'help'], label: 'quit', dropOrder: 0 },
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
