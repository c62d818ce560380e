import type { PanelName } from '../state.ts'
import type { List } from '../table/list-spec.ts'
import { backends } from './backends.ts'
import { inFlight } from './in-flight.ts'
import { issues } from './issues.ts'
import { recent } from './recent.ts'
import { sessions } from './sessions.ts'

/** The lists of the dashboard. */
export const lists: Readonly<Record<PanelName, List>> = {
  in_flight: inFlight,
  backends,
  recent,
  sessions,
  issues,
}
