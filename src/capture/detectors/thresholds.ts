import type { Config } from '../../config/schema.ts'
import type { Thresholds } from './detector.ts'

/** What holds where the configuration says nothing (`reference/capture-and-replay.md` §4.2). */
export const defaultThresholds: Thresholds = {
  stallWarnSeconds: 10,
  stallErrorSeconds: 30,
  slowFirstTokenWarnSeconds: 10,
  slowFirstTokenErrorSeconds: 30,
  proxyLatencyMs: 250,
  retryStormAttempts: 4,
  toolLoopTurns: 3,
  contextWarnRatio: 0.8,
}

/** `wire_capture.thresholds`. */
export function thresholdsOf(config: Config['wire_capture']['thresholds']): Thresholds {
  return {
    stallWarnSeconds: config.stall_warn_seconds,
    stallErrorSeconds: config.stall_error_seconds,
    slowFirstTokenWarnSeconds: config.slow_first_token_warn_seconds,
    slowFirstTokenErrorSeconds: config.slow_first_token_error_seconds,
    proxyLatencyMs: config.proxy_latency_ms,
    retryStormAttempts: config.retry_storm_attempts,
    toolLoopTurns: config.tool_loop_turns,
    contextWarnRatio: config.context_warn_ratio,
  }
}
