// `npm run bench:replacement`: what deciding about one request costs, counters included, in microseconds of processor
// time, which others on the machine do not lengthen.
import { Replacement } from '../../src/replacement/replacement.ts'
import { readRule } from '../../src/replacement/rule.ts'

const boundUs = 5
const rounds = 21
const perRound = 50_000
const isBackend = (name) => name === 'openai' || name === 'anthropic'
const rules = [
  { from_pattern: 'haiku', to_backend: 'openai', to_model: 'mini' },
  { from_pattern: 'anthropic:sonnet', to_backend: 'openai', to_model: 'gpt' },
  { from_pattern: '*', to_backend: 'openai', to_model: 'gpt-large' },
].map((rule) => readRule(rule, isBackend))
const replacement = new Replacement({
  settings: { enabled: true, probability: 0.3, turnCount: 3, rules, allowFirstTurn: false, seed: 1 },
  clock: { nowMs: Date.now },
})
const asked = { backend: 'anthropic', backendType: 'anthropic', model: 'claude-opus' }

/** 20,000 sessions for 10,000 places: half of the requests find theirs forgotten. */
function round(from) {
  const before = process.cpuUsage()
  for (let i = 0; i < perRound; i++) {
    const id = `session-${(from + i) % 20_000}`
    const session = { id, key: `${id} hash`, turn: 1 + (i % 9) }
    const verdict = replacement.decide({ session, user: null, isOptedOut: i % 50 === 0, asked }, () => true)
    verdict?.replaced?.place.closed()
  }
  const { user, system } = process.cpuUsage(before)
  return (user + system) / perRound
}

round(0)
const heapBefore = process.memoryUsage().heapUsed
const costsUs = Array.from({ length: rounds }, (_, i) => round(i * perRound)).sort((a, b) => a - b)
const medianUs = costsUs[(rounds - 1) / 2]
const { activation_metrics: activations, probability_check_metrics: checks } = replacement.counters()
console.log(
  `decision and metrics: ${medianUs.toFixed(2)} µs (bound ${boundUs}), slowest round ${costsUs.at(-1).toFixed(2)}`,
)
console.log(
  `${checks.total_probability_checks} rolls, ${checks.observed_probability.toFixed(4)} won, ${activations.total_activations} activations`,
)
console.log(
  `heap: ${((process.memoryUsage().heapUsed - heapBefore) / 1e6).toFixed(1)} MB more after ${rounds * perRound} requests`,
)
process.exitCode = medianUs > boundUs ? 1 : 0
