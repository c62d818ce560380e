import type { InspectedExchange } from '../../../capture/inspect/inspected-exchange.ts'
import { exitCodes } from '../../exit-codes.ts'
import { Failure } from '../../failure.ts'
import { exchangeLines } from './exchange-lines.ts'
import { jsonIssue, jsonRow } from './json-rows.ts'
import type { Page } from './page.ts'
import { issuesOf, type Look, type Section } from './section.ts'
import { shellArgument } from './shown.ts'

const namesShown = 8
/** Ids of this program have so many characters: nothing longer can begin so. */
const wholeIdLength = 22

/** One exchange in full, by its id or the beginning of it. */
export function exchangeSection(page: Page, look: Look, wanted: string): Section {
  const found: { id: string; x: InspectedExchange | null }[] = []
  let count = 0
  const note = (x: InspectedExchange) => {
    count++
    const isWanted = x.view.id === wanted
    if (isWanted) found.length = 0
    if (count > 1 && !isWanted) {
      if (found.length < namesShown) found.push({ id: x.view.id, x: null })
      return
    }
    found.push({ id: x.view.id, x })
    // Now, while the exchanges around it are known.
    issuesOf(x, look)
  }
  return {
    exchange(x) {
      const { id } = x.view
      const isMeant = (id === wanted || isBeginning(wanted, id)) && found[0]?.id !== wanted
      if (isMeant && !found.some((one) => one.id === id)) note(x)
    },
    isDone: () => found.length === 1 && found[0]?.id === wanted && wanted.length >= wholeIdLength,
    end() {
      const [one] = found
      if (!one) throw notFound(wanted, look)
      if (found.length > 1)
        throw ambiguous(
          wanted,
          found.map(({ id }) => id),
          count,
        )
      if (one.x) show(page, look, one.x)
    },
  }
}

/** An id may be written without the letter that says of what it is one. */
function isBeginning(wanted: string, id: string): boolean {
  return id.startsWith(wanted) || id.replace(/^[a-z]_/, '').startsWith(wanted)
}

function ambiguous(wanted: string, ids: readonly string[], count: number): Failure {
  const more = count > ids.length ? ` and ${count - ids.length} more` : ''
  const message = `${count} exchanges begin with ${JSON.stringify(wanted)}: ${ids.join(', ')}${more}`
  return new Failure(message, exitCodes.usage)
}

function notFound(wanted: string, { named }: Look): Failure {
  return new Failure(
    `no exchange in the capture has an id that begins with ${JSON.stringify(wanted)}`,
    exitCodes.usage,
    [`llmproxy capture inspect${shellArgument(named)} --last 50`],
  )
}

function show(page: Page, look: Look, x: InspectedExchange): void {
  const issues = issuesOf(x, look)
  const detail = look.capture.exchangeDetail(x, issues, look.maxData)
  if (page.isJson) {
    const { row, issues: found, legs, ...rest } = detail
    return page.data('exchange_detail', {
      ...jsonRow(row),
      ...jsonRow(rest),
      legs: legs.map((leg) => jsonRow(leg)),
      issues: found.map(jsonIssue),
    })
  }
  page.heading(`Exchange ${detail.row.id}`)
  for (const { text, tone } of exchangeLines(detail, page.width, look)) page.line(text, tone)
}
