import { expect, it } from 'vitest'
import { shownUrl } from '../../src/core/shown-url.ts'

it.each([
  ['postgres://me:secret@db.example:5432/usage', 'postgres://db.example:5432/usage'],
  ['postgres://db.example/usage?password=secret', 'postgres://db.example/usage'],
  ['postgres://me:sec@ret@db.example/usage', 'postgres://db.example/usage'],
  ['postgres://me:sec/r@et#?x@db.example/usage', 'postgres://db.example/usage'],
  ['postgresql://db.example/usage', 'postgresql://db.example/usage'],
  ['/home/me@work/usage.db', '/home/me@work/usage.db'],
  ['C:\\Users\\me\\usage.db', 'C:\\Users\\me\\usage.db'],
])('shows %s as %s', (text, shown) => {
  expect(shownUrl(text)).toBe(shown)
})
