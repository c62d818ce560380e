import { expect } from 'vitest'
import { type FakeProvider, head, type Script, stall, whole, write } from '../support/fake-provider.ts'
import { abortAtFirstWord, abortBeforeAnswer } from './aborting.ts'
import type { Observation } from './observation.ts'
import {
  type BrokenStream,
  firstWord,
  type Note,
  type SdkCalls,
  type Surface,
  textPieces,
  weatherResult,
} from './surface.ts'

/** Something that a program does with an SDK, how the provider answers, and what must come of it. */
export interface SdkCase {
  name: string
  /** The provider's answers, one request after the other. */
  provider(surface: Surface): readonly Script[]
  act(calls: SdkCalls, note: Note, fake: FakeProvider): Promise<unknown>
  /** What is true of it on either way, so that the two are not equal by failing alike. */
  proof(seen: Observation, requestBodies: readonly string[]): void
}

/** All cases of one surface: those that every SDK has, and the errors of its provider. */
export function casesOf({ errorStatuses, brokenStreams }: Surface): SdkCase[] {
  const statuses = errorStatuses.flatMap((status) =>
    refusals(`status ${status}`, status, ({ answers }) => answers.error(status)),
  )
  return [...answered, ...statuses, ...unusualRefusals, ...brokenStreams.flatMap(broken), ...aborts]
}

const answered: SdkCase[] = [
  {
    name: 'a whole answer',
    provider: ({ answers }) => [answers.whole],
    act: (calls) => calls.whole(),
    proof: hasTheText,
  },
  {
    name: 'a whole answer in gzip',
    provider: ({ answers }) => [whole(200, answers.body, { encoding: 'gzip' })],
    act: (calls) => calls.whole(),
    proof(seen) {
      hasTheText(seen)
      expect(seen.heads[0]?.headers).toMatchObject({ 'content-encoding': 'gzip' })
    },
  },
  {
    name: 'a stream',
    provider: ({ answers }) => [answers.stream],
    act: (calls, note) => calls.stream(note),
    proof: hasTheText,
  },
  {
    name: 'a stream through the helper',
    provider: ({ answers }) => [answers.stream],
    act: (calls, note) => calls.helper(note),
    proof: hasTheText,
  },
  {
    name: 'a tool round trip',
    provider: ({ answers }) => [answers.toolCall, answers.whole],
    act: (calls) => calls.toolRoundTrip(),
    proof: sentTheResult,
  },
  {
    name: 'a streamed tool round trip',
    provider: ({ answers }) => [answers.toolCallStream, answers.stream],
    act: (calls, note) => calls.toolRoundTripStreamed(note),
    proof: sentTheResult,
  },
]

const aborts: SdkCase[] = [
  {
    name: 'an abort of a whole call',
    provider: () => [[stall()]],
    act: (calls, _note, fake) => abortBeforeAnswer(fake, (signal) => calls.whole({ signal })),
    proof: saysAborted,
  },
  {
    name: 'an abort of a stream before its first byte',
    provider: () => [[stall()]],
    act: (calls, note, fake) => abortBeforeAnswer(fake, (signal) => calls.stream(note, { signal })),
    proof: saysAborted,
  },
  {
    name: 'an abort in the middle of a stream',
    provider: ({ answers }) => [answers.unfinished],
    act: (calls, note) => abortAtFirstWord(note, (noting, signal) => calls.stream(noting, { signal })),
    proof: hasTheFirstWord,
  },
  {
    name: 'an abort in the middle of a stream through the helper',
    provider: ({ answers }) => [answers.unfinished],
    act: (calls, note) => abortAtFirstWord(note, (noting, signal) => calls.helper(noting, { signal })),
    proof: hasTheFirstWord,
  },
]

const page = '<html><h1>502 Bad Gateway</h1></html>'

// What a balancer or gateway in front of a provider says.
const unusualRefusals: SdkCase[] = [
  ...refusals('a page of HTML', 502, () => [
    head(
      502,
      { 'content-type': 'text/html', 'content-length': String(page.length) },
      { reason: 'Bad Gateway' },
    ),
    write(page),
  ]),
  ...refusals('an empty body', 500, () => [
    head(500, { 'content-length': '0' }, { reason: 'Internal Server Error' }),
  ]),
]

function refusals(what: string, status: number, script: (surface: Surface) => Script): SdkCase[] {
  const provider = (surface: Surface) => [script(surface)]
  const proof = (seen: Observation) => {
    expect(seen.error).toMatchObject({ status })
    expect(seen.heads).toMatchObject([{ status }])
  }
  return [
    { name: `${what} to a whole call`, provider, act: (calls) => calls.whole(), proof },
    { name: `${what} to a stream`, provider, act: (calls, note) => calls.stream(note), proof },
    { name: `${what} to the helper`, provider, act: (calls, note) => calls.helper(note), proof },
  ]
}

function broken({ what, message, script }: BrokenStream): SdkCase[] {
  const provider = () => [script]
  const proof = (seen: Observation) => {
    hasTheFirstWord(seen)
    expect(JSON.stringify([seen.error, seen.events])).toContain(message)
  }
  return [
    { name: `${what} after content`, provider, act: (calls, note) => calls.stream(note), proof },
    {
      name: `${what} after content to the helper`,
      provider,
      act: (calls, note) => calls.helper(note),
      proof,
    },
  ]
}

function hasTheText(seen: Observation): void {
  expect(seen.error).toBeNull()
  for (const piece of textPieces) expect(JSON.stringify([seen.value, seen.events])).toContain(piece)
}

function hasTheFirstWord(seen: Observation): void {
  expect(JSON.stringify(seen.events)).toContain(firstWord)
}

function sentTheResult(seen: Observation, requestBodies: readonly string[]): void {
  hasTheText(seen)
  expect(requestBodies).toEqual([
    expect.not.stringContaining(weatherResult),
    expect.stringContaining(weatherResult),
  ])
}

function saysAborted(seen: Observation): void {
  expect(seen.error).toMatchObject({ message: expect.stringMatching(/abort/i) })
}
