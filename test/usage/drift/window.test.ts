import { expect, it } from 'vitest'
import { Window, windowLength } from '../../../src/usage/drift/window.ts'
import { randomFrom } from '../../corpus/random.ts'

function filled(of: (index: number) => { reported: number; least: number; most: number }): Window {
  const window = new Window()
  for (let i = 0; i < windowLength; i++) window.add(of(i))
  return window
}

const [low, high] = [0.5, 1.15]

it('is looked at more closely where most of it is reported too low, whatever the rest is', () => {
  const window = filled((i) => ({ reported: i % 4 === 0 ? 4_000 : 200, least: 1_000, most: 1_100 }))
  expect(window.estimates().toLeast?.high).toBeLessThan(low)
  expect(window.mayBeOutside(low, high)).toBe(true)
})

it('is looked at more closely whenever the middle of its ratios is outside, of any reports', () => {
  let outside = 0
  for (let seed = 0; seed < 300; seed++) {
    const random = randomFrom('windows', seed)
    const share = random.int(0, 100)
    const window = filled(() => {
      const least = random.int(10, 5_000)
      const percent = random.int(0, 99) < share ? random.int(1, 60) : random.int(60, 600)
      return { reported: Math.round((least * percent) / 100), least, most: least + random.int(0, 300) }
    })
    const { toLeast, toMost } = window.estimates()
    if ((toLeast?.high ?? 1) >= low && (toMost?.low ?? 1) <= high) continue
    outside++
    expect(window.mayBeOutside(low, high)).toBe(true)
  }
  expect(outside).toBeGreaterThan(50)
})

it('is not looked at more closely where reports are what we count', () => {
  const random = randomFrom('windows', 'honest')
  const window = filled(() => {
    const least = random.int(10, 5_000)
    return { reported: least + 20, least, most: least + 100 }
  })
  expect(window.mayBeOutside(low, high)).toBe(false)
})
