import type { ApiClient } from '../api-client.ts'
import { type LiveOutput, showLive } from '../live/show-live.ts'
import { askHealth } from './ask-health.ts'
import { printHealth } from './print-health.ts'

export interface WatchHealthSettings extends LiveOutput {
  client: ApiClient
}

/** Shows the health until a signal, or a reader that has gone, ends it. */
export function watchHealth({ client, ...output }: WatchHealthSettings): Promise<void> {
  const { chalk } = output
  return showLive({
    ...output,
    ask: (signal) => askHealth(client, signal),
    answerOf: ({ answer }) => answer,
    print: ({ report }, { atMs, width }) =>
      printHealth(report, { url: client.url, width, chalk, nowMs: atMs }),
  })
}
