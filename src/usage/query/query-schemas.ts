import * as z from 'zod'
import { legs } from '../../core/exchange.ts'
import { protocolNames } from '../../core/protocol-name.ts'
import { groupKeys } from './filter.ts'
import {
  decisions,
  exportFormats,
  mostGroups,
  mostRecent,
  outcomes,
  purposes,
  type queryNames,
  usualRecent,
} from './parse-query.ts'

// What the parser takes, as schemas for whoever reads the API's description. They are made of the parser's own lists; the
// parser itself does without them, for a command that reads a ledger should not wait for zod.

const any = <Item extends z.ZodType>(item: Item) => z.array(item)
const bound = z.string()

const filters = {
  backend_type: any(z.string()).describe('Its kind of provider'),
  backend: any(z.string()).describe('A name or a type; counts attempts instead of exchanges'),
  model: any(z.string()).describe('With or without its date or -latest; * is a wildcard'),
  requested_model: any(z.string()).describe('What the client asked for, matched as model is'),
  frontend_type: any(z.enum(protocolNames)).describe('The protocol that the client spoke'),
  session_id: any(z.string()),
  user_agent: any(z.string()),
  client_app: any(z.string()),
  proxy_user: any(z.string()).describe('The access key’s name'),
  tag: any(z.string()).describe('NAME=VALUE, or NAME for any value'),
  http_status_code: any(z.int().min(100).max(599)),
  outcome: any(z.enum(outcomes)),
  call_purpose: any(z.enum(purposes)).describe('All but count_tokens where it is not given'),
  start_date: bound.describe('From here on: 2025-12-01, 2025-12-01T00:00:00, with Z or +02:00, or today'),
  end_date: bound.describe('Up to here, inclusive at the precision written'),
  hour_of_day: any(z.int().min(0).max(23)),
  day_of_week: any(z.int().min(0).max(6)).describe('0 is Monday'),
  time_zone: z.string().describe('Of days, hours and dates without one; UTC where it is not given'),
  replaced: z.boolean(),
  replacement: any(z.enum(decisions as [string, ...string[]])).describe('What random replacement decided'),
}
const ofWindow = {
  start_date: filters.start_date,
  end_date: filters.end_date,
  time_zone: filters.time_zone,
}

type Described<Asked extends keyof typeof queryNames> = Record<(typeof queryNames)[Asked][number], z.ZodType>

const stats = {
  ...filters,
  leg: z.enum(legs).describe('Whose counts the totals are'),
  group_by: any(z.string()).describe(`One or more of ${groupKeys.join(', ')}, tag:NAME`),
  order_by: z.string().describe('A member of the groups; a - before it: largest first'),
  limit: z.int().min(1).max(mostGroups).describe('Of groups'),
} satisfies Described<'stats'>
const recent = {
  ...filters,
  limit: z.int().min(1).max(mostRecent).default(usualRecent),
  cursor: z.string().describe('next_cursor of the page before'),
} satisfies Described<'recent'>
const exported = {
  ...filters,
  format: z.enum(exportFormats).default('json'),
} satisfies Described<'export'>

/** By question, what each parameter takes; all but an export's window may be left out. Repeated values mean any of them. */
export const querySchemas = {
  stats: z.strictObject(stats).partial(),
  recent: z.strictObject(recent).partial(),
  export: z.strictObject(exported).partial().required({ start_date: true, end_date: true }),
  compared: z.strictObject(ofWindow satisfies Described<'compared'>).partial(),
}
