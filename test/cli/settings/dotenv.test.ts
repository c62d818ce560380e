import { expect, test } from 'vitest'
import { dotenvFormat } from '../../../src/cli/settings/dotenv.ts'

test('a name is added at the end, or replaced where it stands', () => {
  expect(dotenvFormat.set('# mine\nA=1', ['B'], 'http://127.0.0.1:8000')).toBe(
    '# mine\nA=1\nB=http://127.0.0.1:8000\n',
  )
  expect(dotenvFormat.set('A=1\nB=2\nC=3\n', ['B'], 'x y')).toBe("A=1\nB='x y'\nC=3\n")
})

test('a name is removed and its neighbours stay', () => {
  expect(dotenvFormat.remove('A=1\nexport B="2"\nC=3\n', ['B'])).toBe('A=1\nC=3\n')
})

test('values are read as they are meant: the last one, without quotes', () => {
  expect(dotenvFormat.get('B=1\nexport B="2 3"\n', ['B'])).toBe('2 3')
  expect(dotenvFormat.get('# B=1\nAB=2\n', ['B'])).toBeUndefined()
})
