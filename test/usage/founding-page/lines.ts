import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The page's lines on usage, word for word. */
export const lines = {
  statsOfModel: 'curl "http://localhost:8000/v1/usage/stats?backend_type=openai&model=gpt-4"',
  recent: 'curl "http://localhost:8000/v1/usage/recent?limit=50"',
  export:
    'curl "http://localhost:8000/v1/usage/export?start_date=2025-12-01T00:00:00Z&end_date=2025-12-31T23:59:59Z"',
  statsOfBackend: 'curl "http://localhost:8000/v1/usage/stats?backend_type=openai"',
  statsFrom:
    'curl "http://localhost:8000/v1/usage/stats?backend_type=anthropic&model=claude-3-5-sonnet&start_date=2025-12-01T00:00:00Z"',
  exportToFile:
    'curl "http://localhost:8000/v1/usage/export?start_date=2025-12-01T00:00:00Z&end_date=2025-12-31T23:59:59Z" > usage_data.json',
  latencies: `curl "http://localhost:8000/v1/usage/stats" | jq '.ttft_stats, .duration_stats'`,
  reconciliation: `curl "http://localhost:8000/v1/usage/stats?backend_type=openai" | jq '{
  proxy_tokens: .total_tokens,
  backend_tokens: .backend_reported_total_tokens,
  difference: (.total_tokens - .backend_reported_total_tokens)
}'`,
  ttft: `curl "http://localhost:8000/v1/usage/stats" | jq '.ttft_stats'`,
  costs: `curl "http://localhost:8000/v1/usage/stats?backend_type=anthropic" | jq '{
  total_cost: .total_cost,
  requests: .request_count,
  cost_per_request: (.total_cost / .request_count)
}'`,
} as const

const page = fileURLToPath(new URL('../../../../shared/reference/monitoring-overview.txt', import.meta.url))

/** All lines of the page that ask for usage; null where the page is not beside the project. */
export function linesOfPage(): string[] | null {
  if (!existsSync(page)) return null
  const text = readFileSync(page, 'utf8')
  return [...text.matchAll(/^curl "\S+\/v1\/usage\/\S+"(?:[^'\n]*'[^']*'|.*)$/gm)].map(([line]) => line)
}
