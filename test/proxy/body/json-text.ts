import fc from 'fast-check'
import type { Json } from '../../../src/core/json.ts'

/** A member of an object, and its value as one way to write it down. */
export interface WrittenMember {
  key: string
  valueText: string
  /** The position of the value in the object's text. */
  valueAt: number
}

/** An object written with any spacing, escapes and repeated keys, and its members in order. */
export interface WrittenObject {
  text: string
  members: WrittenMember[]
}

const space = fc.stringMatching(/^[ \t\r\n]{0,3}$/)

/** A string as JSON may write it: each character plain, short, or as \u escape. */
function writtenString(value: fc.Arbitrary<string>): fc.Arbitrary<{ value: string; text: string }> {
  return fc.tuple(value, fc.array(fc.nat(3), { minLength: 1, maxLength: 5 })).map(([text, ways]) => ({
    value: text,
    text: `"${[...Array(text.length).keys()].map((i) => character(text[i] ?? '', ways[i % ways.length] ?? 0)).join('')}"`,
  }))
}

function character(unit: string, way: number): string {
  if (way === 0) return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
  // Half of a pair cannot stand alone in UTF-8.
  if (unit >= '\ud800' && unit <= '\udfff') return `\\u${unit.charCodeAt(0).toString(16)}`
  if (unit === '/' && way === 1) return '\\/'
  return JSON.stringify(unit).slice(1, -1)
}

const strings = fc.string({ unit: 'binary', maxLength: 12 })
const hostile = fc.constantFrom('{', '}', '[', ',', ':', '"', '\\', '\\"', '","model":"x', '\\\\', '💥')

const scalar = fc.oneof(
  fc.constantFrom('null', 'true', 'false', '0', '-1.5e+300', '12345678901234567890', '1E-2'),
  writtenString(fc.oneof(strings, hostile)).map(({ text }) => text),
)

const nested = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    scalar,
    fc
      .tuple(space, fc.array(fc.tuple(tie('value'), space), { maxLength: 3 }))
      .map(([before, items]) => `[${before}${items.map(([item, after]) => item + after).join(',')}]`),
    fc
      .array(fc.tuple(space, writtenString(strings), space, tie('value'), space), { maxLength: 3 })
      .map(
        (items) => `{${items.map(([a, key, b, item, c]) => `${a}${key.text}${b}:${item}${c}`).join(',')}}`,
      ),
  ),
}))

const noted = ['model', 'session_id', 'stream_options', 'messages', '__proto__', 'a', '']

const anyKey = writtenString(fc.oneof(fc.constantFrom(...noted), strings))
const anyMember = fc.tuple(space, anyKey, space, space, nested.value, space)

export const writtenObject: fc.Arbitrary<WrittenObject> = writtenWith(fc.array(anyMember, { maxLength: 6 }))

/** An object of which one member has this key and a string. */
export function objectWith(name: string): fc.Arbitrary<WrittenObject> {
  const text = writtenString(strings).map((value) => value.text)
  const named = fc.tuple(space, writtenString(fc.constant(name)), space, space, text, space)
  const members = fc
    .tuple(fc.array(anyMember, { maxLength: 4 }), named, fc.nat(4))
    .map(([others, one, at]) => others.toSpliced(at, 0, one))
  return writtenWith(members)
}

type Parts = typeof anyMember extends fc.Arbitrary<infer T> ? T : never

function writtenWith(members: fc.Arbitrary<Parts[]>): fc.Arbitrary<WrittenObject> {
  return fc.tuple(space, members, space, space).map(([outer, written, empty, after]) => {
    const members: WrittenMember[] = []
    let text = `${outer}{`
    for (const [i, [a, key, b, c, valueText, d]] of written.entries()) {
      text += `${i > 0 ? ',' : ''}${a}${key.text}${b}:${c}`
      members.push({ key: key.value, valueText, valueAt: text.length })
      text += valueText + d
    }
    return { text: `${text}${written.length > 0 ? '' : empty}}${after}`, members }
  })
}

/** What JSON.parse makes of members, the last of each key; `__proto__` is a key like any other. */
export function asParsed(members: readonly WrittenMember[]): Map<string, Json> {
  return new Map(members.map(({ key, valueText }) => [key, JSON.parse(valueText) as Json]))
}
