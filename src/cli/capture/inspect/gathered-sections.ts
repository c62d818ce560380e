import type { BackendRow, BridgeRow } from '../../../capture/inspect/backends.ts'
import type { SessionRow } from '../../../capture/inspect/sessions.ts'
import type { StatusRow } from '../../../capture/inspect/statuses.ts'
import { countText, durationText, percentText, tokensText, unknownMark, usdText } from '../../numbers.ts'
import type { Column } from '../../table.ts'
import type { Page } from './page.ts'
import type { Look, Section } from './section.ts'
import { clockText, nameText } from './shown.ts'
import { printTable } from './table-section.ts'

const statusColumns: readonly Column<StatusRow>[] = [
  { title: 'WHOSE', value: ({ backend }) => (backend === null ? 'answers to clients' : nameText(backend)) },
  { title: 'STATUS', align: 'right', value: ({ status }) => String(status ?? 'none') },
  { title: 'COUNT', align: 'right', value: ({ count }) => countText(count) },
  { title: 'SHARE', align: 'right', value: ({ ratio }) => percentText(ratio) },
]

export function statusSection(page: Page, { capture }: Look): Section {
  const statuses = new capture.Statuses()
  return {
    exchange: (x) => statuses.exchange(x),
    end: () => printTable(page, 'Statuses', 'status', statuses.rows(), statusColumns),
  }
}

const sessionColumns: readonly Column<SessionRow>[] = [
  { title: 'SESSION', value: ({ session }) => nameText(session, 40) },
  { title: 'APP', value: ({ app }) => nameText(app, 20), dropOrder: 3 },
  { title: 'EXCHANGES', align: 'right', value: ({ exchanges }) => countText(exchanges) },
  { title: 'FAILED', align: 'right', value: ({ failed }) => countText(failed) },
  { title: 'FROM', value: ({ firstAtNs }) => clockText(firstAtNs, 0) },
  { title: 'FOR', align: 'right', value: (row) => durationText((row.lastAtNs - row.firstAtNs) / 1e6) },
  { title: 'IN', align: 'right', value: ({ inTokens }) => tokensText(inTokens), dropOrder: 4 },
  { title: 'OUT', align: 'right', value: ({ outTokens }) => tokensText(outTokens), dropOrder: 4 },
  { title: 'COST', align: 'right', value: ({ costUsd }) => usdText(costUsd), dropOrder: 5 },
  { title: 'BACKENDS', value: ({ backends }) => nameText(backends.join(', '), 40), dropOrder: 2 },
  { title: 'ENTRIES', value: ({ entries }) => `${entries.first}–${entries.last}`, dropOrder: 1 },
]

export function sessionsSection(page: Page, { capture }: Look): Section {
  const sessions = new capture.Sessions()
  return {
    exchange: (x) => sessions.exchange(x),
    end() {
      printTable(page, 'Sessions', 'session', sessions.rows(), sessionColumns)
      if (!page.isJson && sessions.left > 0) {
        page.line(`and ${countText(sessions.left)} more, of which there was no room`, 'dim')
      }
    },
  }
}

const bridgeColumns: readonly Column<BridgeRow>[] = [
  { title: 'SESSION', value: ({ session }) => nameText(session, 24) },
  { title: 'BACKEND', value: ({ backend }) => nameText(backend, 40) },
  { title: 'MODEL', value: ({ model }) => nameText(model, 40), dropOrder: 1 },
  { title: 'ATTEMPTS', align: 'right', value: ({ attempts }) => countText(attempts) },
]

export function bridgesSection(page: Page, { capture }: Look): Section {
  const bridges = new capture.Bridges()
  return {
    exchange: (x) => bridges.exchange(x),
    end: () => printTable(page, 'Sessions and their backends', 'bridge', bridges.rows(), bridgeColumns),
  }
}

const backendColumns: readonly Column<BackendRow>[] = [
  { title: 'BACKEND', value: ({ backend }) => nameText(backend, 40) },
  { title: 'TYPE', value: ({ type }) => nameText(type, 40), dropOrder: 2 },
  { title: 'ATTEMPTS', align: 'right', value: ({ attempts }) => countText(attempts) },
  { title: 'FAILED', align: 'right', value: ({ failed }) => countText(failed) },
  {
    title: 'MODELS',
    value: ({ models }) => (models.length === 0 ? unknownMark : nameText(models.join(', '), 80)),
    dropOrder: 1,
  },
]

export function backendsSection(page: Page, { capture }: Look): Section {
  const backends = new capture.Backends()
  return {
    exchange: (x) => backends.exchange(x),
    end: () => printTable(page, 'Backends', 'backend', backends.rows(), backendColumns),
  }
}
