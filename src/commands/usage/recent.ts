import { Flags } from '@oclif/core'
import { BaseCommand } from '../../cli/base-command.ts'
import { outputWidth } from '../../cli/table.ts'
import { filterFlags, filterQuery, sourceFlags } from '../../cli/usage/filter-flags.ts'
import type { FilteredRecord } from '../../cli/usage/filtered-record.ts'
import { followRecords } from '../../cli/usage/follow.ts'
import { printRecords } from '../../cli/usage/print-records.ts'
import { recordFilter } from '../../cli/usage/record-filter.ts'
import { type RecentAnswer, searchRecords } from '../../cli/usage/search-records.ts'
import { searchTalk } from '../../cli/usage/search-talk.ts'
import { usageSources } from '../../cli/usage/sources.ts'
import { askUsage, type UsageSource } from '../../cli/usage/usage-source.ts'

export default class UsageRecent extends BaseCommand {
  static override summary = 'The last exchanges, newest first'
  static override description =
    'One line each; --json gives the whole records. With --follow it goes on as exchanges close, oldest first.'
  static override examples = [
    '<%= config.bin %> usage recent --limit 50',
    '<%= config.bin %> usage recent --follow --model "claude-*"',
    `<%= config.bin %> usage recent --filter '~model sonnet & (ttft>2s | status>=500)'`,
    `<%= config.bin %> usage recent --filter 'cost>0.10 !app=codex'`,
    `<%= config.bin %> usage recent --filter '~tool "^(Bash|Edit)$" in_tokens>100k'`,
  ]
  static override flags = {
    ...filterFlags,
    filter: Flags.string({
      summary: 'only those that an expression means, as in the examples',
      description:
        '~model ~backend ~tool PATTERN, ~session ~x ID, ~c CODE, ~e (failed), NAME>VALUE with > >= < <= = !=, joined by ' +
        '& | ! ( ). A bare word is looked for in every column. A name that does not exist is answered with those that do.',
      helpValue: 'EXPR',
    }),
    limit: Flags.integer({ summary: 'how many', default: 20, min: 1, max: 1000 }),
    follow: Flags.boolean({ char: 'f', summary: 'go on with those that close from now on' }),
    ...sourceFlags,
  }

  async run(): Promise<unknown> {
    const { flags } = await this.parse(UsageRecent)
    const matches =
      flags.filter === undefined
        ? null
        : await recordFilter(flags.filter, `${this.config.bin} usage recent --help`)
    const query = filterQuery(flags)
    query.set('limit', String(flags.limit))
    const { readLedger } = await import('../../usage/read-ledger.ts')
    const sources = await usageSources(flags, process.env, readLedger, (line) => this.say(line))
    return askUsage(sources, async (source) => {
      const answer =
        matches === null
          ? ((await source.recent(query)) as RecentAnswer)
          : await this.#search(source, query, flags.limit, matches)
      if (flags.follow) {
        const give = (records: readonly FilteredRecord[]) => this.#give(records)
        await followRecords(source, query, { first: answer.records, matches: matches ?? (() => true), give })
      }
      if (answer.records.length === 0) {
        if (matches === null) this.say('no exchanges')
      } else if (!this.jsonEnabled()) {
        const hidden = this.#print(answer.records)
        if (hidden.length > 0) this.say(`hidden: ${hidden.join(', ')} (widen the terminal, or use --json)`)
      }
      return answer
    })
  }

  async #search(
    source: UsageSource,
    query: URLSearchParams,
    limit: number,
    matches: (record: FilteredRecord) => boolean,
  ): Promise<RecentAnswer> {
    const talk = searchTalk(process.stderr, (line) => this.say(line))
    const { answer, looked } = await searchRecords(source, query, { limit, matches, onPage: talk.onPage })
    talk.end(answer.records.length, looked)
    return answer
  }

  #give(records: readonly FilteredRecord[]): void {
    if (!this.jsonEnabled()) this.#print(records)
    else for (const record of records) process.stdout.write(`${JSON.stringify(record)}\n`)
  }

  /** The titles of the columns that had no room. */
  #print(records: readonly FilteredRecord[]): string[] {
    const { text, hidden } = printRecords(records, outputWidth(process.stdout))
    this.log(text)
    return hidden
  }
}
