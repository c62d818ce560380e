import { expect, test } from 'vitest'
import { runTags } from '../../../src/cli/run/tags.ts'

test.each([
  ['/home/me/web', 'web'],
  ['/home/me/my web site', 'my web site'],
  ['/home/me/a,b:c%d', 'a%2Cb%3Ac%25d'],
  ['/home/me/проект', encodeURIComponent('проект')],
  ['/home/me/two\nlines', 'two%0Alines'],
])('%j is tagged as a header can carry it', (cwd, project) => {
  const { text, own } = runTags(cwd)
  expect(text).toBe(`project=${project},${own}`)
})

test('the root has no name, and each run has one of its own', () => {
  const first = runTags('/')
  expect(first.text).toBe(first.own)
  expect(first.own).toMatch(/^run=r[0-9a-f]{12}$/)
  expect(runTags('/').own).not.toBe(first.own)
})
