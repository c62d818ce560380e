// `npm run bench:inspect`: `capture inspect --detect-issues` of the built program on a generated capture of 1 GB
// (spec/performance.md: 50 MB/s, 200 MB of memory, first output within 1 s). --mb 50 tries a small one; --kind agents has long
// sessions alone, whose requests repeat nearly all that was said, streams has chats alone; --rounds 3 reads it so often; --file
// reads one that is there; --folder keeps what is generated. Its last line is the numbers as JSON.
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { inspectOnce } from './bench/capture/inspect-once.js'
import { kinds, writeCapture } from './bench/capture/write-capture.js'
import { circumstances } from './bench/report.js'

const { values: flags } = parseArgs({
  options: {
    mb: { type: 'string', default: '1000' },
    kind: { type: 'string', default: 'mixed' },
    rounds: { type: 'string', default: '3' },
    file: { type: 'string' },
    folder: { type: 'string' },
  },
})
if (!Object.hasOwn(kinds, flags.kind)) throw new Error(`--kind is one of ${Object.keys(kinds).join(', ')}`)

const home = mkdtempSync(join(tmpdir(), 'llmproxy-inspect-bench-'))
const folder = flags.folder ?? join(home, 'captures')
mkdirSync(folder, { recursive: true })
try {
  const capture = flags.file
    ? { file: flags.file, fileBytes: statSync(flags.file).size, bodyBytes: null, exchanges: null }
    : await generated()
  const about = circumstances({ kind: flags.file ? null : flags.kind })
  const rounds = []
  for (let round = 0; round < Number(flags.rounds); round++) {
    rounds.push(await inspectOnce(capture.file, home))
    say(`round ${round + 1}: ${rounds.at(-1).wallS.toFixed(1)} s\n`)
  }
  report(capture, rounds, about)
} finally {
  rmSync(home, { recursive: true, force: true })
}

function generated() {
  const onProgress = (size) => say(`\rwriting ${(size / 1e6).toFixed(0)} of ${flags.mb} MB`)
  return writeCapture({ folder, bytes: Number(flags.mb) * 1e6, kind: flags.kind, onProgress }).finally(() =>
    say('\n'),
  )
}

function report({ fileBytes, bodyBytes, exchanges }, rounds, about) {
  const median = (name) => rounds.map((round) => round[name]).toSorted((a, b) => a - b)[rounds.length >> 1]
  const mb = fileBytes / 1e6
  const numbers = {
    ...{ mb, bodyMb: bodyBytes === null ? null : bodyBytes / 1e6, exchanges },
    ...{ wallS: median('wallS'), cpuS: median('cpuS'), rssMb: median('rssMb') },
    firstOutputMs: median('firstOutputMs'),
    ...{ mbPerS: mb / median('wallS'), mbPerCpuS: mb / median('cpuS') },
    bodyMbPerS: bodyBytes === null ? null : bodyBytes / 1e6 / median('wallS'),
  }
  const { wallS, cpuS, mbPerS, mbPerCpuS, bodyMbPerS, rssMb, firstOutputMs } = numbers
  console.log(`a capture of ${mb.toFixed(0)} MB${exchanges === null ? '' : `, ${exchanges} exchanges, ${numbers.bodyMb.toFixed(0)} MB of bodies`}; medians of ${rounds.length}
read in           ${wallS.toFixed(1)} s, ${cpuS.toFixed(1)} s of processor time
of the file       ${mbPerS.toFixed(1)} MB/s, ${mbPerCpuS.toFixed(1)} MB for each second of processor time (bound 50)
${bodyMbPerS === null ? '' : `of its bodies     ${bodyMbPerS.toFixed(1)} MB/s\n`}memory            ${rssMb.toFixed(0)} MB at most (bound 200)
first output      ${firstOutputMs.toFixed(0)} ms (bound 1,000)
${JSON.stringify({ ...about, ...numbers })}`)
}

function say(text) {
  if (process.stderr.isTTY) process.stderr.write(text)
}
