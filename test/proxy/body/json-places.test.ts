import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { jsonPlaces } from '../../../src/proxy/body/json-places.ts'
import { writtenObject } from './json-text.ts'

const placesOf = (text: string) => jsonPlaces(Buffer.from(text))

describe('the places of an object’s members', () => {
  it('give back exactly each member’s key and value text, however the object is written', () => {
    fc.assert(
      fc.property(writtenObject, ({ text, members }) => {
        const bytes = Buffer.from(text)
        const found = jsonPlaces(bytes)
        expect(found.members.map(({ key }) => key)).toEqual(members.map(({ key }) => key))
        expect(
          found.members.map(({ valueStart, valueEnd }) => bytes.toString('utf8', valueStart, valueEnd)),
        ).toEqual(members.map(({ valueText }) => valueText))
        expect(found.members.every(({ keyStart }) => bytes[keyStart] === 0x22)).toBe(true)
        expect(bytes.toString('utf8', found.objectEnd).trim()).toBe('}')
      }),
      { numRuns: 300 },
    )
  })

  it('are found when the key itself is escaped', () => {
    const text = '{"mod\\u0065l" : "m"}'
    const [place] = placesOf(text).members
    expect(place).toEqual({ key: 'model', keyStart: 1, valueStart: 16, valueEnd: 19 })
  })

  it('do not include members of nested objects', () => {
    expect(placesOf('{"a":{"model":1},"b":[{"model":2}]}').members.map(({ key }) => key)).toEqual(['a', 'b'])
  })

  it.each(['[{"model":1}]', '"model"', '12', 'null'])('are none in %s, which is no object', (text) => {
    expect(placesOf(text)).toMatchObject({ members: [], objectEnd: -1 })
  })

  it.each([
    ['{}', 1],
    ['{"a":1}', 1],
    ['{"a":[]}', 2],
    ['{"a":[{"b":"[[[["}],"c":{}}', 3],
    ['7', 0],
  ])('come with the depth: %s nests %i levels', (text, depth) => {
    expect(placesOf(text).depth).toBe(depth)
  })

  it('are found in linear time in a megabyte of backslashes and quotes', () => {
    const text = JSON.stringify({ a: '\\"'.repeat(250_000), model: 'm' })
    expect(placesOf(text).members.map(({ key }) => key)).toEqual(['a', 'model'])
  })

  it('are found in linear time where one string holds a megabyte of backslashes', () => {
    const text = JSON.stringify({ a: '\\'.repeat(500_000), model: 'm' })
    expect(placesOf(text).members).toHaveLength(2)
  })
})
