// `npm run detectors`: measures every detector over the recorded traffic and prints its table. --only CODE[,CODE] takes
// some; --half tuning|test one half, with what was missed and what was a false alarm; --write renews docs/detectors.md.
// Exit code 1 when a row is not green.
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { detectors } from '../src/capture/detectors/index.ts'
import { casesOf } from '../test/capture/detectors/all-cases.ts'
import { cleanCaptures } from '../test/capture/detectors/quality/clean-captures.ts'
import { measure } from '../test/capture/detectors/quality/measure.ts'
import { isGreen, page, plainTable } from '../test/capture/detectors/quality/report.ts'
import { readCorpus } from '../test/support/corpus.ts'
import { root } from './prepare.js'

const { values: flags } = parseArgs({
  options: {
    only: { type: 'string' },
    half: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
})
const codes = flags.only?.split(',')
const measured = []
for (const detector of detectors.filter(({ code }) => codes?.includes(code) ?? true)) {
  const cases = await casesOf(detector.code)
  if (cases) measured.push({ detector, cases })
  else console.error(`${detector.code} has no cases`)
}
const corpus = readCorpus()
const captures = cleanCaptures(corpus)
const rows = measure(captures, measured, (done) => {
  if (done % 50 === 0 && process.stderr.isTTY)
    process.stderr.write(`\r${done} of ${captures.length} captures`)
})
console.log(plainTable(rows))
if (flags.half) {
  for (const { detector, scores } of rows) {
    for (const fault of scores[flags.half].faults) console.log(`${detector.code}: ${fault}`)
  }
}
if (flags.write) {
  if (codes) throw new Error('the page has all detectors: leave out --only')
  writeFileSync(
    join(root, 'docs/detectors.md'),
    page(rows, { recordings: corpus.length, captures: captures.length }),
  )
  execFileSync(join(root, 'node_modules/.bin/biome'), ['format', '--write', join(root, 'docs/detectors.md')])
}
process.exit(measured.length > 0 && rows.every(isGreen) ? 0 : 1)
