import type { Exchange } from '../core/exchange.ts'
import type { Outlet } from './answer/outlet.ts'
import type { FrontendCall } from './call.ts'
import type { ClientBond } from './client-bond.ts'
import type { Observation } from './observation.ts'
import type { ProxyServices } from './state.ts'

/** Everything that one exchange needs on its way. */
export interface ExchangeRun {
  call: FrontendCall
  services: ProxyServices
  exchange: Exchange
  observation: Observation
  outlet: Outlet
  bond: ClientBond
  /** To be done with its close. */
  onClosed: () => void
}
