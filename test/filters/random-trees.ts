import fc from 'fast-check'
import type { Expression } from '../../src/filters/tree.ts'
import type { Thing } from './a-subject.ts'

const nowhere = { at: 0, length: 0 }
const [place, argumentPlace, valuePlace] = [nowhere, nowhere, nowhere]

/** A leaf, and what it means of a thing, said without any part of the language. */
export interface Meaning {
  tree: Expression
  means: (thing: Thing) => boolean
}

const has = (text: string | null, wanted: string) =>
  text?.toLowerCase().includes(wanted.toLowerCase()) ?? false
const word = (text: string): Meaning => ({
  tree: { kind: 'word', text, place },
  means: ({ url, outcome, status }) => [url ?? '—', outcome, `${status}`].some((cell) => has(cell, text)),
})
const operator = (name: string, argument: string | null, means: Meaning['means']): Meaning => ({
  tree: { kind: 'operator', name, argument, place, argumentPlace },
  means,
})
const comparison = (written: [string, string, string], means: Meaning['means']): Meaning => ({
  tree: {
    ...{ kind: 'comparison', name: written[0], sign: written[1] as '=', value: written[2] },
    ...{ place, valuePlace },
  },
  means,
})

const leaves: Meaning[] = [
  word('CHAT'),
  word('200'),
  word('nothing has "this" \\ (in) it'),
  operator('all', null, () => true),
  operator('e', null, ({ outcome }) => outcome === 'bad'),
  operator('c', '429', ({ status }) => status === 429),
  operator('u', 'chat|models', ({ url }) => has(url, 'chat') || has(url, 'models')),
  operator('u', '^https://api\\.', ({ url }) => url?.startsWith('https://API.') ?? false),
  operator('b', '(b) | c', ({ body }) => (body === null ? false : /b | c/.test(body))),
  operator('b', '\\\\', ({ body }) => body?.includes('\\') ?? false),
  operator('tool', 'bash', ({ tools }) => tools?.includes('Bash') ?? false),
  operator('x', '1AB', ({ id }) => id !== 'x_2abc'),
  comparison(['status', '!=', '200'], ({ status }) => status !== null && status !== 200),
  comparison(['ttft', '>', '1.5s'], ({ ttftMs }) => ttftMs !== null && ttftMs > 1_500),
  comparison(['ttft', '>=', '1m30s'], ({ ttftMs }) => ttftMs !== null && ttftMs >= 90_000),
  comparison(['tokens', '<', '1k'], ({ tokens }) => tokens !== null && tokens < 1_000),
  comparison(['tokens', '<=', '2M'], ({ tokens }) => tokens !== null && tokens <= 2_000_000),
  comparison(['cost', '=', '$0.10'], ({ costUsd }) => costUsd === 0.1),
  comparison(['tool', '=', 'bash'], ({ tools }) => tools?.includes('Bash') ?? false),
  comparison(['tool', '!=', 'web*'], ({ tools }) => tools !== null && !tools.includes('WebSearch')),
  comparison(['url', '=', ''], ({ url }) => url === ''),
  comparison(['body', '=', 'back\\slash'], ({ body }) => body === 'back\\slash'),
  comparison(['outcome', '=', 'BAD'], ({ outcome }) => outcome === 'bad'),
]

/** Trees that the subject of `a-subject.ts` can be asked. */
export const randomMeaning: fc.Arbitrary<Meaning> = fc.letrec<{ tree: Meaning }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 6, withCrossShrink: true },
    fc.constantFrom(...leaves),
    tie('tree').map(
      (part): Meaning => ({
        tree: { kind: 'not', part: part.tree },
        means: (thing) => !part.means(thing),
      }),
    ),
    fc.array(tie('tree'), { minLength: 2, maxLength: 4 }).map(
      (parts): Meaning => ({
        tree: { kind: 'all-of', parts: parts.map(({ tree }) => tree) },
        means: (thing) => !parts.some(({ means }) => !means(thing)),
      }),
    ),
    fc.array(tie('tree'), { minLength: 2, maxLength: 4 }).map(
      (parts): Meaning => ({
        tree: { kind: 'any-of', parts: parts.map(({ tree }) => tree) },
        means: (thing) => !parts.every(({ means }) => !means(thing)),
      }),
    ),
  ),
})).tree

const text = fc.oneof(
  fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' }),
  fc
    .array(fc.constantFrom('a', '"', "'", '\\', ' ', '(', ')', '&', '|', '!', '~', '<', '=', '\n'), {
      minLength: 1,
      maxLength: 8,
    })
    .map((letters) => letters.join('')),
)

/** Trees of any text, which nobody need be able to answer. */
export const randomTree: fc.Arbitrary<Expression> = fc.letrec<{ tree: Expression }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 6 },
    text.map((words): Expression => ({ kind: 'word', text: words, place })),
    fc
      .tuple(fc.constantFrom('u', 'b', 'hq', 'x', 'model', 'leg', 'c'), text)
      .map(([name, argument]) => operator(name, argument, () => true).tree),
    fc.constantFrom('e', 'q', 's', 'all').map((name) => operator(name, null, () => true).tree),
    fc
      .tuple(
        fc.constantFrom('status', 'a-name', 'gpt-4o:x'),
        fc.constantFrom('>', '>=', '<', '<=', '=', '!='),
        text,
      )
      .map((written) => comparison(written, () => true).tree),
    tie('tree').map((part): Expression => ({ kind: 'not', part })),
    fc
      .tuple(fc.constantFrom('all-of', 'any-of'), fc.array(tie('tree'), { minLength: 2, maxLength: 4 }))
      .map(([kind, parts]): Expression => ({ kind, parts })),
  ),
})).tree

/** A tree without places: what it says, not where. */
export function withoutPlaces(tree: Expression): unknown {
  return JSON.parse(JSON.stringify(tree, (key, value) => (/place$/i.test(key) ? undefined : value)))
}
