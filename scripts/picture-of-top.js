// `npm run picture`: docs/top.svg, the dashboard as it was at one second of its recorded minute (`npm run record:top`).
// The same each time; with --check only says whether it is current.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { columnsOf } from '../src/cli/text-width.ts'
import { picture } from '../src/tui/dashboard.ts'
import { tellingS } from '../src/tui/demo/demo-source.ts'
import { Minute } from '../src/tui/demo/minute.ts'
import { initialState } from '../src/tui/state.ts'
import { root } from './prepare.js'

// The clock in the header is in the zone of whoever looks at it.
process.env.TZ = 'UTC'

const size = { columns: 120, rows: 30 }
const cell = { width: 8.43, height: 17 }
const margin = 14
const barHeight = 30
const colours = {
  good: '#5fd38d',
  warn: '#e6c35c',
  bad: '#f07178',
  muted: '#7a8394',
  accent: '#6cc7e6',
  strong: '#eef1f6',
}

const path = join(root, 'docs', 'top.svg')
const svg = drawn(frame())
if (!process.argv.includes('--check')) {
  writeFileSync(path, svg)
  console.log(`${path}: ${(Buffer.byteLength(svg) / 1e3).toFixed(1)} kB`)
} else if (readFileSync(path, 'utf8') !== svg) {
  console.error('docs/top.svg is not what the dashboard looks like; run: npm run picture')
  process.exit(1)
}

function frame() {
  const snapshot = new Minute().at(tellingS)
  const nowMs = Date.parse(snapshot.at)
  const about = { label: '127.0.0.1:8000', isDemo: true, intervalMs: 1_000, connectLines: [] }
  return picture(initialState({ ...about, size, nowMs, snapshot }))
}

function drawn(lines) {
  const width = Math.ceil(size.columns * cell.width + 2 * margin)
  const height = barHeight + lines.length * cell.height + margin
  const dots = ['#f07178', '#e6c35c', '#5fd38d'].map(
    (fill, at) => `<circle cx="${margin + 6 + at * 18}" cy="15" r="5.5" fill="${fill}"/>`,
  )
  const styles = Object.entries(colours).map(([style, fill]) => `.${style}{fill:${fill}}`)
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" xml:space="preserve" viewBox="0 0 ${width} ${height}" role="img" aria-label="llmproxy top: traffic, latency, cost, backends, what is in flight, recent exchanges, sessions and issues">`,
    `<style>text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:#c9d1dc;white-space:pre}${styles.join('')}.accent,.strong{font-weight:bold}</style>`,
    `<rect width="${width}" height="${height}" rx="9" fill="#161a21"/>`,
    dots.join(''),
    ...lines.flatMap((line, row) => textsOf(line, barHeight + 12 + row * cell.height)),
    '</svg>',
  ].join('\n')}\n`
}

/** A text for each run of one style, at its column: fonts differ in how wide they draw boxes and bars. */
function textsOf(line, y) {
  const texts = []
  let column = 0
  for (const { text, style } of merged(line)) {
    const shown = text.trim()
    if (shown !== '') {
      const at = column + columnsOf(text.slice(0, text.indexOf(shown)))
      const length = (columnsOf(shown) * cell.width).toFixed(1)
      const x = (margin + at * cell.width).toFixed(1)
      const named = style === undefined ? '' : ` class="${style}"`
      texts.push(
        `<text x="${x}" y="${y}"${named} textLength="${length}" lengthAdjust="spacingAndGlyphs">${escaped(shown)}</text>`,
      )
    }
    column += columnsOf(text)
  }
  return texts
}

function merged(line) {
  const runs = []
  for (const { text, style } of line) {
    const last = runs.at(-1)
    if (last !== undefined && (last.style === style || text.trim() === '')) last.text += text
    else runs.push({ text, style })
  }
  return runs
}

function escaped(text) {
  return text.replace(/[&<>]/g, (character) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[character])
}
