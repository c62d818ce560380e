import { mkdtempSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { REMOTE_DATA_JSON_URL } from '@pydantic/genai-prices'
import { describe, expect, test } from 'vitest'
import { createPriceBook, updateCatalogue } from '../../src/prices/index.ts'
import { asked, tokens } from './invoice.ts'

const nowMs = Date.parse('2026-11-06T10:00:00Z')
const dayMs = 86_400_000

const data = (usd: number, more: object = {}) =>
  JSON.stringify([
    {
      id: 'openai',
      name: 'OpenAI',
      api_pattern: 'https://api',
      models: [
        {
          id: 'gpt-x',
          match: { starts_with: 'gpt-x' },
          prices: { input_mtok: usd, output_mtok: 2 },
          ...more,
        },
      ],
    },
  ])

const folderOf = () => mkdtempSync(join(tmpdir(), 'prices-'))
const update = (folder: string, json: string, ms = nowMs) =>
  updateCatalogue({ folder, nowMs: ms, fetchText: () => Promise.resolve(json) })
const nanoUsd = (folder: string, at = '2026-11-06T10:00:00Z') =>
  createPriceBook({ folder }).priceOf(asked('openai', 'gpt-x', tokens(1000, 0), at))?.nanoUsd

describe('an updated catalogue', () => {
  test('is fetched from where the library updates itself, and named by day and content', async () => {
    const folder = join(folderOf(), 'new')
    const urls: string[] = []
    const fetchText = (url: string) => Promise.resolve(data(urls.push(url)))
    const { version, file, modelCount, isNew } = await updateCatalogue({ folder, nowMs, fetchText })
    expect(urls).toEqual([REMOTE_DATA_JSON_URL])
    expect(version).toMatch(/^genai-prices@2026-11-06-[0-9a-f]{8}$/)
    expect({ file, modelCount, isNew }).toEqual({
      file: join(folder, `${version}.json`),
      modelCount: 1,
      isNew: true,
    })
    expect(readFileSync(file, 'utf8')).toBe(data(1))
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(readdirSync(folder)).toHaveLength(1)
  })

  test('is used by the next price book, which names it', async () => {
    const folder = folderOf()
    const { version } = await update(folder, data(7))
    const cost = createPriceBook({ folder }).priceOf(asked('openai', 'gpt-x-2', tokens(1000, 0)))
    // 1000×7 = 7000 µ$
    expect(cost).toMatchObject({ nanoUsd: 7_000_000, priceVersion: version })
  })

  test('stays beside the older ones, and the newest is used', async () => {
    const folder = folderOf()
    await update(folder, data(7), nowMs + dayMs)
    await update(folder, data(5))
    expect(readdirSync(folder)).toHaveLength(2)
    expect(nanoUsd(folder)).toBe(7_000_000)
  })

  test('is the later one of two of a day', async () => {
    const folder = folderOf()
    const first = await update(folder, data(7))
    utimesSync(first.file, 1, 1)
    await update(folder, data(5))
    expect(nanoUsd(folder)).toBe(5_000_000)
  })

  test('keeps its first version while its content stays', async () => {
    const folder = folderOf()
    const first = await update(folder, data(7))
    const second = await update(folder, data(7), nowMs + dayMs)
    expect(second).toEqual({ ...first, isNew: false })
    expect(readdirSync(folder)).toHaveLength(1)
  })

  test('has prices by date and by time of day, with or without the kind of constraint', async () => {
    const folder = folderOf()
    const prices = [
      { prices: { input_mtok: 1 } },
      { constraint: { start_date: '2026-11-01' }, prices: { input_mtok: 2 } },
      {
        constraint: { type: 'time_of_date', start_time: '06:00:00+08:00', end_time: '02:00:00Z' },
        prices: { input_mtok: 4 },
      },
    ]
    await update(folder, data(0, { prices }))
    // 22:00 to 02:00, over midnight
    expect(nanoUsd(folder, '2026-10-31T21:59:59Z')).toBe(1_000_000)
    expect(nanoUsd(folder, '2026-11-05T22:00:00Z')).toBe(4_000_000)
    expect(nanoUsd(folder, '2026-11-06T01:59:59Z')).toBe(4_000_000)
    expect(nanoUsd(folder, '2026-11-06T02:00:00Z')).toBe(2_000_000)
  })
})

describe('what is no catalogue', () => {
  test.each([
    ['no JSON', '<html>'],
    ['an empty list', '[]'],
    ['an object', '{}'],
    ['a negative price', data(-1)],
    ['a rule of an unknown kind', data(1, { match: { sounds_like: 'x' } })],
    ['a rule that is no regular expression', data(1, { match: { regex: '(' } })],
    ['a date that is none', data(1, { prices: [{ constraint: { start_date: '2026-13-01' }, prices: {} }] })],
    ['an unknown constraint', data(1, { prices: [{ constraint: { type: 'weekday', day: 1 }, prices: {} }] })],
  ])('is refused and not written: %s', async (_what, json) => {
    const folder = folderOf()
    await expect(update(folder, json)).rejects.toThrow()
    expect(readdirSync(folder)).toEqual([])
  })

  test('is passed over at the start, told about, and an older one is used', async () => {
    const folder = folderOf()
    await update(folder, data(5))
    const { file } = await update(folder, data(7), nowMs + dayMs)
    writeFileSync(file, data(7).slice(0, 50))
    const damaged: string[] = []
    const book = createPriceBook({ folder, onDamaged: (path) => damaged.push(path) })
    expect(damaged).toEqual([file])
    expect(book.priceOf(asked('openai', 'gpt-x', tokens(1000, 0)))?.nanoUsd).toBe(5_000_000)
  })

  test("leaves the library's own catalogue", () => {
    const folder = folderOf()
    writeFileSync(join(folder, 'genai-prices@2026-11-06-00000000.json'), data(7))
    writeFileSync(join(folder, 'notes.json'), 'x')
    expect(createPriceBook({ folder }).priceVersion).toBe('genai-prices@0.1.8')
    expect(createPriceBook({ folder: join(folder, 'absent') }).priceVersion).toBe('genai-prices@0.1.8')
  })

  test('is replaced by fetching the same again', async () => {
    const folder = folderOf()
    const { file } = await update(folder, data(7))
    writeFileSync(file, 'x')
    await update(folder, data(7), nowMs + dayMs)
    expect(nanoUsd(folder)).toBe(7_000_000)
  })
})

test('a failed fetch leaves the folder as it was', async () => {
  const folder = folderOf()
  const fetchText = () => Promise.reject(new Error('no route'))
  await expect(updateCatalogue({ folder, nowMs, fetchText })).rejects.toThrow('no route')
  expect(readdirSync(folder)).toEqual([])
})
