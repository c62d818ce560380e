import { asProxyError, type ProxyError } from '../core/errors.ts'
import type { Exchange } from '../core/exchange.ts'
import { protocolNamed } from '../protocols/index.ts'
import { answerError } from './answer/last-word.ts'
import { Outlet } from './answer/outlet.ts'
import type { FrontendCall } from './call.ts'
import { ClientBond } from './client-bond.ts'
import { watchClient } from './client-wire.ts'
import type { ExchangeRun } from './exchange-run.ts'
import { generate } from './generate.ts'
import { Observation } from './observation.ts'
import { openExchange } from './open-exchange.ts'
import { OpenRuns } from './open-runs.ts'
import { passUntouched } from './pass-untouched.ts'
import { certainCost } from './spending/known-cost.ts'
import type { ProxyServices } from './state.ts'

/** The lives of all exchanges. */
export interface Pipeline {
  /** Runs one exchange from its opening to its close; never rejects. */
  handle(call: FrontendCall): Promise<void>
  /** Settles when no exchange is open. */
  idle(): Promise<void>
  /** Ends all open exchanges with an error in their own protocol. */
  stopAll(error: ProxyError): void
  readonly openCount: number
}

/** `onFault` is told of errors of ours, which the client only sees as `internal`. */
export function createPipeline(services: ProxyServices, onFault: (error: ProxyError) => void): Pipeline {
  const open = new OpenRuns()
  let onIdle: (() => void)[] = []

  async function handle(call: FrontendCall): Promise<void> {
    try {
      await live(call)
    } catch (thrown) {
      // Outside what an answer can be made of: the client must at least not wait.
      onFault(asProxyError(thrown))
      call.response.destroy()
    }
  }

  async function live(call: FrontendCall): Promise<void> {
    const exchange = openExchange(call, services)
    const outlet = new Outlet(call.response, services.clock)
    const observation = new Observation(exchange, services.monitors, services.clock)
    outlet.onGone(() => {
      exchange.clientGoneNs = observation.nowNs()
    })
    const run = {
      call,
      services,
      exchange,
      observation,
      outlet,
      bond: new ClientBond(outlet),
      onClosed: () => {},
    }
    const place = open.add(run)
    observation.opened()
    const answerEnded = watchClient(run)
    try {
      call.caller.takeRequest()
      await (call.route.kind === 'other' ? passUntouched(run) : generate(run))
    } catch (thrown) {
      const error = asProxyError(thrown)
      if (error.code === 'internal') onFault(error)
      const protocol = protocolNamed(call.route.protocol)
      answerError(error, { exchange, protocol, outlet, redactText: services.redactText })
    }
    await outlet.closed
    close(run, place, answerEnded)
  }

  function close(run: ExchangeRun, place: number, answerEnded: () => void): void {
    const { exchange, outlet, observation } = run
    exchange.status = outlet.status
    exchange.answerBytes = outlet.bytesWritten
    exchange.clientBlockedNs = outlet.blockedNs
    settleOutcome(exchange, outlet)
    if (run.call.caller.spending !== null) giveBack(run)
    run.onClosed()
    answerEnded()
    observation.closed()
    open.remove(place)
    if (open.size > 0) return
    for (const resolve of onIdle) resolve()
    onIdle = []
  }

  return {
    handle,
    idle: () => (open.size === 0 ? Promise.resolve() : new Promise((resolve) => onIdle.push(resolve))),
    stopAll(error) {
      for (const run of open) run.bond.stop(error)
    },
    get openCount() {
      return open.size
    },
  }
}

/** A client that calls again at once must find what its call did not need. */
function giveBack({ call, exchange, services }: ExchangeRun): void {
  const nanoUsd = certainCost(exchange, services.priceOf)
  if (nanoUsd !== null) call.caller.spending?.lower(exchange.id, nanoUsd)
}

/** What ended the exchange, in the words of `spec/usage.md`. */
function settleOutcome(exchange: Exchange, outlet: Outlet): void {
  if (outlet.goneEarly) exchange.incompleteReason ??= 'client_disconnect'
  if (exchange.incompleteReason !== null) exchange.outcome = 'incomplete'
  else if (exchange.error === null) exchange.outcome = 'complete'
  else exchange.outcome = exchange.attempts.length === 0 ? 'rejected' : 'error'
}
