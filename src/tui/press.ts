import { selectedRow } from './act.ts'
import { actionFor, type Pressed } from './keys.ts'
import { copySequence } from './screen/clipboard.ts'
import type { Store } from './store.ts'
import { typed } from './typing.ts'

export interface Hands {
  store: Store
  /** What the terminal obeys, beside the picture. */
  write: (sequence: string) => void
  nowMs: () => number
}

/** Does what a key means: to the state by an event, to the world here. True: it is the end. */
export function press(hands: Hands, pressed: Pressed): boolean {
  return singles(pressed).some((one) => pressOne(hands, one))
}

/** What single keys send, where Ink does not name them because they came with others. */
const namedKeys: Readonly<Record<string, Pressed>> = {
  '\t': { input: '', key: { tab: true } },
  '\r': { input: '', key: { return: true } },
  '\n': { input: '', key: { return: true } },
  '\u007f': { input: '', key: { delete: true } },
  '\u0003': { input: 'c', key: { ctrl: true } },
}

/** Keys that were pressed fast, or that a slow line held up, come in one piece. */
function singles(pressed: Pressed): Pressed[] {
  const characters = [...pressed.input]
  if (characters.length <= 1 || Object.values(pressed.key).some(Boolean)) return [pressed]
  return characters.map((character) => namedKeys[character] ?? { input: character, key: {} })
}

function pressOne(hands: Hands, pressed: Pressed): boolean {
  const { store, nowMs } = hands
  const { mode, draft } = store.now()
  if (mode === 'filter') {
    const change = typed(draft.text, pressed)
    store.send({ kind: 'typed', typed: change })
    return change.kind === 'quit'
  }
  const action = actionFor(pressed)
  if (action === 'copy') copy(hands)
  else if (action !== undefined && action !== 'quit') store.send({ kind: 'acted', action, atMs: nowMs() })
  return action === 'quit'
}

function copy({ store, write, nowMs }: Hands): void {
  const command = selectedRow(store.now())?.row.command() ?? null
  if (command !== null) write(copySequence(command))
  store.send({
    kind: 'said',
    text: command === null ? 'nothing to copy' : `copied: ${command}`,
    atMs: nowMs(),
  })
}
