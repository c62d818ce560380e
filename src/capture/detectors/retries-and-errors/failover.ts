import { secondsBetween, secondsText } from '../../view/durations.ts'
import type { AttemptView, LegView } from '../../view/view.ts'
import type { Detector, Fault } from '../detector.ts'
import { credentialOf } from './credential.ts'

/** Reference §4.2, 27: why an answer took longer than its own attempt. */
export const failover: Detector = {
  code: 'failover',
  severity: 'info',
  summary: 'One backend failed and another answered',
  *find(subject) {
    const { exchange } = subject
    const answered = subject.answered()
    if (!answered?.btp || !isGood(answered.btp) || (exchange.ptc?.status ?? 200) >= 400) return
    const failed = exchange.attempts.filter(
      (one) => one.number < answered.number && isElsewhere(one, answered),
    )
    const [first] = failed
    if (!first) return
    const lostNs =
      (answered.ptb?.headAtNs ?? answered.btp.headAtNs ?? exchange.openedAtNs) - exchange.openedAtNs
    const lost = secondsBetween(0, lostNs)
    yield {
      severity: 'info',
      fault: faultOf(first),
      leg: 'BTP',
      attempt: first.number,
      entry: first.btp?.headEntry ?? first.ptb?.headEntry ?? exchange.entries.first,
      atNs: first.btp?.headAtNs ?? first.ptb?.headAtNs ?? exchange.openedAtNs,
      description: `${first.backend ?? 'A backend'} ${wordsOf(first.btp)}, and ${answered.backend ?? 'another'} answered at attempt ${answered.number}, ${secondsText(lost)} after the request had come.`,
      evidence: {
        attempts: exchange.attempts.map(({ number, backend, model, btp }) => ({
          number,
          backend,
          model,
          status: btp?.status ?? null,
        })),
        lostSeconds: Math.round(lost * 100) / 100,
      },
      hint: 'Nothing to do when it happens now and then; `llmproxy health` shows how often that backend fails.',
    }
  },
}

function isGood({ status }: LegView): boolean {
  return status === null || status < 300
}

function isElsewhere(failed: AttemptView, answered: AttemptView): boolean {
  if (failed.backend !== answered.backend || failed.model !== answered.model) return true
  return credentialOf(failed.ptb) !== credentialOf(answered.ptb)
}

function wordsOf(btp: LegView | null): string {
  if (btp?.status == null) return 'gave no answer'
  return btp.status < 300 ? 'failed before its first word' : `answered ${btp.status}`
}

function faultOf({ btp }: AttemptView): Fault {
  return btp?.status == null && (btp?.end?.why === 'error' || btp?.end?.why === 'abort_backend')
    ? 'network'
    : 'backend'
}
