import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { waitingOptOuts } from '../../../src/server/compose/waiting-opt-outs.ts'
import { tempFolder } from '../../support/temp-folder.ts'

const change = (key: string, atMs = 1) => ({ key, isOptedOut: true, atMs })
const noTrouble = (error: Error) => {
  throw error
}

it('the next process finds what waited, and its files go when all is written', () => {
  const folder = join(tempFolder(), 'opt-outs')
  waitingOptOuts(folder, noTrouble).write([change('a'), change('b')])
  waitingOptOuts(folder, noTrouble).write([change('c')])
  const next = waitingOptOuts(folder, noTrouble)
  expect(next.read()).toHaveLength(3)
  expect(next.read()).toEqual(expect.arrayContaining([change('a'), change('b'), change('c')]))
  next.write([change('d')])
  expect(readdirSync(folder)).toHaveLength(3)
  next.write([])
  expect(readdirSync(folder)).toEqual([])
})

it('what a process that lives has added since is left to it', () => {
  const folder = join(tempFolder(), 'opt-outs')
  const living = waitingOptOuts(folder, noTrouble)
  living.write([change('a')])
  const next = waitingOptOuts(folder, noTrouble)
  next.read()
  living.write([change('a'), change('b')])
  next.write([])
  expect(waitingOptOuts(folder, noTrouble).read()).toEqual([change('a'), change('b')])
})

it('a damaged file is told of and left where it is', () => {
  const folder = tempFolder()
  writeFileSync(join(folder, '0123456789abcdef.json'), '[{"key":')
  waitingOptOuts(folder, noTrouble).write([change('a')])
  const troubles: Error[] = []
  const next = waitingOptOuts(folder, (error) => troubles.push(error))
  expect(next.read()).toEqual([change('a')])
  expect(troubles).toHaveLength(1)
  next.write([])
  expect(readdirSync(folder)).toEqual(['0123456789abcdef.json'])
})
