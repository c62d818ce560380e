import { type Random, randomFrom } from '../../corpus/random.ts'
import { type BackendType, datedNames, flexModel, modelsOf, type Room } from './backends.ts'
import {
  type Amounts,
  type Deed,
  type ExchangePlan,
  type Kind,
  lastWordOf,
  type Moment,
  type Part,
  protocols,
  type ToolCall,
} from './plan.ts'
import { inPieces, prose } from './prose.ts'

/** Of a hundred exchanges. */
const shares: readonly (readonly [Kind, number])[] = [
  ['whole', 22],
  ['stream', 26],
  ['refused', 5],
  ['all targets fail', 4],
  ['failover', 12],
  ['asked again', 2],
  ['left before the head', 4],
  ['left before content', 3],
  ['left after output', 5],
  ['left and read on', 4],
  ['timeout', 5],
  ['broken off', 4],
  ['error event', 3],
  ['rejected', 1],
]

/** The n-th exchange of a run: the same for the same seed and number. */
export function planExchange(seed: number, number: number): ExchangePlan {
  const random = randomFrom('books', seed, number)
  return planOfKind(random, number, kindOf(random))
}

export function planOfKind(random: Random, number: number, kind: Kind): ExchangePlan {
  const id = `e${String(number).padStart(5, '0')}`
  const client = random.pick(protocols)
  const stream = streamsAs(kind, random)
  const common = { id, kind, client, stream, asArray: random.int(1, 3) === 1 }
  const parts = partsOf(random, { ...common, type: typeFor(random, kind, client) })
  return {
    ...{ ...common, parts },
    prompt: `Ledger entry ${id}. ${prose(random, random.int(60, 400))}`,
    leaves: kind.startsWith('left'),
    readsOn: kind === 'left and read on',
  }
}

/** A plain exchange that is not compared. */
export function warmUp(number: number): ExchangePlan {
  const id = `e${number}`
  const asked = { id, kind: 'whole', stream: false, type: 'openai' } as const
  return {
    ...{ ...asked, client: 'openai-chat', asArray: false, prompt: `Ledger entry ${id}.` },
    ...{ parts: partsOf(randomFrom(id), asked), leaves: false, readsOn: false },
  }
}

function kindOf(random: Random): Kind {
  let at = random.int(1, 100)
  for (const [kind, share] of shares) {
    if (at <= share) return kind
    at -= share
  }
  return 'whole'
}

function streamsAs(kind: Kind, random: Random): boolean {
  if (kind === 'whole') return false
  const needsStream: readonly Kind[] = ['stream', 'left before content', 'left after output', 'error event']
  return needsStream.includes(kind) || random.int(1, 3) > 1
}

/** Mostly a provider of the client's own protocol, else one that must be translated for. */
function typeFor(random: Random, kind: Kind, client: ExchangePlan['client']): BackendType {
  if (random.int(1, 10) > 6) {
    const type = random.pick<BackendType>(['openai', 'anthropic', 'gemini', 'openrouter'])
    return type !== 'openrouter' || kind === 'whole' || kind === 'stream' ? type : 'openai'
  }
  if (client === 'anthropic-messages') return 'anthropic'
  return client === 'gemini' ? 'gemini' : 'openai'
}

interface Asked {
  id: string
  kind: Kind
  stream: boolean
  type: BackendType
}

function partsOf(random: Random, asked: Asked): readonly Part[] {
  const at = (room: Room) => placeAt(random, asked.type, room)
  const part = (room: Room, deed: Deed, moment: Moment, status = 200) =>
    fill(random, asked, { ...at(room), deed, moment, status })
  const answers = (room: Room = random.pick(['a', 'b'])) => part(room, 'answer', 'after output')
  const refuses = (room: Room, status: number) => part(room, 'refuse', 'before content', status)
  switch (asked.kind) {
    case 'whole':
    case 'stream':
      return [answers()]
    case 'refused':
      return [refuses('a', random.pick([400, 422, 500, 503]))]
    case 'all targets fail':
      return [fails(random, asked.stream, part), refuses('b', random.pick([500, 502, 503]))]
    case 'failover':
      return [fails(random, asked.stream, part), answers('b')]
    case 'asked again': {
      const second = answers('a')
      return [{ ...second, deed: 'refuse', moment: 'before content', status: 429 }, second]
    }
    case 'left before the head':
      return [part('a', 'hang', 'before the head')]
    case 'left before content':
      return [part('a', 'hang', 'before content')]
    case 'left after output':
      return [part('a', 'hang', 'after output')]
    case 'left and read on':
      return [part('readon', 'answer', asked.stream ? 'after output' : 'before the head')]
    case 'timeout':
      return [hangs(random, asked.stream, part)]
    case 'broken off':
      return [breaksOff(random, asked.stream, part)]
    case 'error event':
      return [part('a', 'error event', random.pick(['before content', 'after output']))]
    case 'rejected':
      return []
  }
}

type MakePart = (room: Room, deed: Deed, moment: Moment, status?: number) => Part

/** A first target that leaves it to the second. */
function fails(random: Random, stream: boolean, part: MakePart): Part {
  const status = random.pick([408, 500, 502, 503, 504, 529])
  const ways: [() => Part, ...(() => Part)[]] = [
    () => part('a', 'refuse', 'before content', status),
    () => part('a', 'refuse', 'before content', status),
    () => part('shuts', 'cut', 'before the head'),
    () => part('headless', 'hang', 'before the head'),
  ]
  if (stream) {
    ways.push(
      () => part('a', 'cut', 'before content'),
      () => part('a', 'end early', 'before content'),
      () => part('a', 'error event', 'before content'),
      () => part('contentless', 'hang', 'before content'),
    )
  } else ways.push(() => part('a', 'cut', 'after output'))
  return random.pick(ways)()
}

function hangs(random: Random, stream: boolean, part: MakePart): Part {
  if (!stream) return part('headless', 'hang', 'before the head')
  return random.pick<() => Part>([
    () => part('headless', 'hang', 'before the head'),
    () => part('contentless', 'hang', 'before content'),
    () => part('idle', 'hang', 'after output'),
    () => part('idle', 'hang', 'after output'),
  ])()
}

function breaksOff(random: Random, stream: boolean, part: MakePart): Part {
  if (!stream) return part('a', 'cut', 'after output')
  return part(
    'a',
    random.pick(['cut', 'end early']),
    random.pick(['before content', 'after output', 'after output']),
  )
}

function placeAt(random: Random, type: BackendType, room: Room) {
  const backend = type === 'openrouter' ? type : `${type}.${room}`
  const model = random.pick(modelsOf(type))
  const answersAs = random.pick([model, ...(datedNames[model] ?? [])])
  return { backend, model, answersAs, flex: model === flexModel && random.int(1, 2) === 1 }
}

/** What the provider would say and report. */
function fill(
  random: Random,
  { id, type }: Asked,
  part: Omit<Part, 'pieces' | 'piecesBeforeWait' | 'calls' | 'amounts'>,
): Part {
  const before = [...inPieces(random, prose(random, random.int(60, 300))), ` ${lastWordOf(id)} `]
  const after = part.deed === 'answer' ? inPieces(random, prose(random, random.int(20, 100))) : []
  return {
    ...part,
    pieces: [...before, ...after],
    piecesBeforeWait: before.length,
    calls: part.deed === 'answer' && random.int(1, 5) === 1 ? toolCalls(random) : [],
    amounts: random.int(1, 6) === 1 ? null : amountsOf(random, type),
  }
}

function toolCalls(random: Random): ToolCall[] {
  const names = ['read_file', 'search', 'write_note'] as const
  return Array.from({ length: random.int(1, 2) }, () => ({
    name: random.pick(names),
    arguments: { text: prose(random, random.int(5, 30)), path: `/srv/${random.int(1, 999)}` },
  }))
}

function amountsOf(random: Random, type: BackendType): Amounts {
  const sometimes = (most: number) => (random.int(1, 3) === 1 ? random.int(1, most) : 0)
  const writes = type === 'anthropic'
  return {
    // Beyond 200,000 tokens a prompt is dearer, with some.
    fresh: random.int(1, random.int(1, 6) === 1 ? 400_000 : 90_000),
    cacheRead: sometimes(80_000),
    cacheWrite: writes ? sometimes(9_000) : 0,
    cacheWriteHour: writes ? sometimes(9_000) : 0,
    visible: random.int(1, 30_000),
    reasoning: writes ? 0 : sometimes(20_000),
    ...(type === 'openrouter' && { nanoUsd: random.int(1, 2_000_000_000) }),
  }
}
