// What scripts/try-readme.js reads of a README.

/**
 * The lines below the first heading that contains these words, up to the next heading of its depth or above.
 *
 * @param {string} markdown
 * @param {string} words
 * @returns {string[] | null} null: there is no such heading
 */
export function section(markdown, words) {
  const lines = markdown.split('\n')
  const headings = headingsOf(lines)
  const at = headings.findIndex(({ text }) => text.toLowerCase().includes(words.toLowerCase()))
  if (at < 0) return null
  const { line, depth } = headings[at]
  const next = headings.slice(at + 1).find((heading) => heading.depth <= depth)
  return lines.slice(line + 1, next?.line)
}

/** A `#` within a fenced block is a comment of the shell's. */
function headingsOf(lines) {
  let fenced = false
  return lines.flatMap((text, line) => {
    if (/^\s*```/.test(text)) fenced = !fenced
    const found = fenced ? null : /^(#+) +(.*)/.exec(text)
    return found === null ? [] : [{ line, depth: found[1].length, text: found[2] }]
  })
}

/**
 * The fenced blocks of one language.
 *
 * @param {readonly string[]} lines
 * @param {string} language
 * @returns {string[]}
 */
export function fencedBlocks(lines, language) {
  const pattern = new RegExp(`^\\\`\\\`\\\`${language}\\n([\\s\\S]*?)^\\\`\\\`\\\``, 'gm')
  return [...lines.join('\n').matchAll(pattern)].map(([, text]) => text)
}

/**
 * The rows of the tables in these lines, without their headings, as cells.
 *
 * @param {readonly string[]} lines
 * @returns {string[][]}
 */
export function tableRows(lines) {
  const rows = lines.map((line) => (line.trimStart().startsWith('|') ? cellsOf(line.trim()) : null))
  const isRule = (row) => row?.every((cell) => /^:?-+:?$/.test(cell)) === true
  return rows.filter((row, at) => row !== null && !isRule(row) && !isRule(rows[at + 1]))
}

/** Pipes within a cell are written `\|`. */
function cellsOf(line) {
  const inner = line.replace(/^\||\|$/g, '')
  return inner.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll('\\|', '|'))
}

/**
 * What stands in backticks in a cell.
 *
 * @param {string} cell
 * @returns {string[]}
 */
export function codeIn(cell) {
  return [...cell.matchAll(/(`+)(.+?)\1/g)].map(([, , text]) => text.trim())
}
