import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileFilter } from '../../src/filters/compile.ts'
import { FilterFault } from '../../src/filters/fault.ts'
import { parseFilter } from '../../src/filters/parse.ts'
import { printExpression } from '../../src/filters/tree.ts'
import { aThing, randomThing, thing } from './a-subject.ts'
import { randomMeaning, randomTree, withoutPlaces } from './random-trees.ts'

describe('any filter', () => {
  it('is the same after it was printed and read again', () => {
    fc.assert(
      fc.property(randomTree, (tree) => {
        expect(withoutPlaces(parseFilter(printExpression(tree)))).toEqual(withoutPlaces(tree))
      }),
      { numRuns: 1_000 },
    )
  })

  it('means what its parts mean', () => {
    fc.assert(
      fc.property(randomMeaning, fc.array(randomThing, { minLength: 1, maxLength: 8 }), (meaning, things) => {
        const matches = compileFilter(printExpression(meaning.tree), thing)
        expect(things.map(matches)).toEqual(things.map(meaning.means))
      }),
      { numRuns: 1_000 },
    )
  })

  it('keeps the places of its leaves', () => {
    const text = '  ~u  chat ( ttft >= 2s "two words" )'
    const at = (part: string) => ({ at: text.indexOf(part), length: part.length })
    expect(parseFilter(text)).toMatchObject({
      parts: [
        { name: 'u', place: at('~u'), argumentPlace: at('chat') },
        { parts: [{ place: at('ttft'), valuePlace: at('2s') }, { place: at('"two words"') }] },
      ],
    })
  })
})

const soup = fc.array(
  fc.oneof(
    fc.constantFrom(
      ...['(', ')', '!', '&', '|', '~', '"', "'", '\\', ' ', '\n', '>', '>=', '=', '!=', '<', '*', '?', '$'],
      ...['~u', '~c', '~x', '~e', '~model', '~b', '~leg', '~nothing', 'ttft', 'status', 'tokens', 'tool'],
      ...[
        '2s',
        '5xx',
        '1.5k',
        '$1',
        '(a+)+$',
        '[',
        '{1000}',
        '\\p{',
        '(?<=',
        '\\1',
        '\u0000',
        '😀',
        '\ud800',
      ],
    ),
    fc.string({ maxLength: 20, unit: 'binary' }),
  ),
  { maxLength: 2_000, size: 'max' },
)

/** What became of a text: 'read', or the fault's own code; anything else thrown fails the test. */
function readOrRefused(text: string): string {
  try {
    compileFilter(text, thing)(aThing())
    return 'read'
  } catch (error) {
    if (!(error instanceof FilterFault)) throw error
    if (text.trim() !== '') expect(error.message).toMatch(/\n {4}.*\n {4} *\^+(\n|$)/)
    for (const line of error.message.split('\n').slice(1)) expect(line.length).toBeLessThanOrEqual(124)
    expect(error.message).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/)
    return error.code
  }
}

describe('anything written as a filter', () => {
  it('is read, or refused with the place', () => {
    fc.assert(
      fc.property(
        soup.map((pieces) => pieces.join('').slice(0, 10_240)),
        (text) => {
          expect(['read', 'bad_filter']).toContain(readOrRefused(text))
        },
      ),
      { numRuns: 400 },
    )
  })

  it('is read, or refused, when it is short', () => {
    fc.assert(
      fc.property(
        soup.map((pieces) => pieces.slice(0, 6).join(' ')),
        (text) => {
          expect(['read', 'bad_filter']).toContain(readOrRefused(text))
        },
      ),
      { numRuns: 2_000 },
    )
  })

  it.each([
    ['(', 'a', ')'],
    ['!', '~e', ''],
    ['!(', '~e', ')'],
    ['(((~e ', 'a', ')))'],
  ])('may be nested in %s to a limit, and no deeper', (open, inner, close) => {
    const nested = (depth: number) => `${open.repeat(depth)}${inner}${close.repeat(depth)}`
    expect(readOrRefused(nested(30))).toBe('read')
    expect(() => compileFilter(nested(500), thing)).toThrow(/nested at most 100 deep/)
    expect(() => parseFilter(open.repeat(9_000 / open.length))).toThrow(/nested at most 100 deep/)
  })

  it('may be wide', () => {
    const matches = compileFilter(Array(1_000).fill('~e').join('|'), thing)
    expect(matches(aThing({ outcome: 'bad' }))).toBe(true)
    expect(readOrRefused('a '.repeat(5_000))).toBe('read')
    expect(() => compileFilter('a '.repeat(5_001), thing)).toThrow(/at most 10000 characters, this one 10002/)
  })
})
