import { arrayAt } from '../../../core/json.ts'
import type { AttemptView } from '../../view/view.ts'
import type { Detector, Finding, Subject } from '../detector.ts'
import { isLocal } from '../local-host.ts'
import { finalAttempt } from '../seen-answers.ts'
import { isOtherModel } from './model-names.ts'

/** Reference §4.2, 46: another model answered than was asked, or the proxy asked another than it says. */
export const modelMismatch: Detector = {
  code: 'model_mismatch',
  severity: 'error',
  summary: 'Another model answered than the one that was asked for',
  *find(subject) {
    for (const attempt of subject.exchange.attempts) yield* askedOther(subject, attempt)
    const attempt = finalAttempt(subject)
    if (attempt) yield* answeredOther(subject, attempt)
  },
}

/** Routes and replacements are declared: what is sent must be what is said. */
function* askedOther(subject: Subject, attempt: AttemptView): Iterable<Finding> {
  const asked = subject.ptb(attempt)?.call?.model ?? ''
  const said = attempt.model
  if (asked === '' || !said || bare(asked) === bare(said)) return
  yield {
    severity: 'error',
    fault: 'proxy',
    leg: 'PTB',
    attempt: attempt.number,
    description: `The proxy asked for ${asked}, although it says that it asked for ${said}.`,
    evidence: { asked, declared: said, requested: subject.exchange.requestedModel },
    hint: 'Look for what rewrites the model behind routing; aliases and replacements would be declared.',
  }
}

function bare(model: string): string {
  return model.replace(/^models\//, '')
}

function* answeredOther(subject: Subject, attempt: AttemptView): Iterable<Finding> {
  const request = subject.ptb(attempt)
  const asked = request?.call?.model || attempt.model || ''
  const answered = subject.btp(attempt)?.answer?.model ?? ''
  if (asked === '' || answered === '' || mayChoose(attempt) || !isOtherModel(asked, answered)) return
  // A list of models to fall back on is the client's own wish.
  if (arrayAt(request?.json, 'models')?.length) return
  yield {
    // Servers that people run themselves answer with whatever they have loaded.
    severity: isLocal(attempt.ptb) ? 'note' : 'warn',
    fault: 'backend',
    leg: 'BTP',
    attempt: attempt.number,
    description: `The backend was asked for ${asked} and answered as ${answered}.`,
    evidence: { asked, answered, backend: attempt.backend },
    hint: 'Check what this provider serves under that name; ask for the dated name of the model to pin it.',
  }
}

/** Azure knows deployments, whose names are free. */
function mayChoose({ backendType, ptb }: AttemptView): boolean {
  return /azure/i.test(`${backendType} ${ptb?.url ?? ''}`) || /arn:aws/.test(ptb?.url ?? '')
}
