import { picture } from './dashboard.ts'
import { textOf } from './lines.ts'
import type { TopState } from './state.ts'

/** One picture as plain text, for pipes, logs and readers that no screen is drawn for. */
export function plainPicture(state: TopState): string {
  return picture(state)
    .map((one) => textOf(one).trimEnd())
    .join('\n')
}
