/** A backend and a model on it, by their names. */
export interface Place {
  backend: string
  model: string
}

/** What a request would be answered by without any rule. */
export interface Asked extends Place {
  /** Of the backend: `openai` for `openai.eu`. */
  backendType: string
}

/** One of `replacement.replacement_rules`, ready to be asked. */
export interface Rule {
  /** `FROM=BACKEND:MODEL`, as the flag has it: a rule's name in records and metrics. */
  text: string
  from: string
  to: Place
  matches: (asked: Asked) => boolean
}

export interface RuleSettings {
  from_pattern: string
  to_backend: string
  to_model: string
}

/**
 * `*` is any model; `backend:model` exactly that, where the text before the first colon is a backend (`isBackend`);
 * all else a case-sensitive part of the model's name, so that `llama3:8b` is one (`spec/replacement.md`).
 */
export function readRule(settings: RuleSettings, isBackend: (name: string) => boolean): Rule {
  const { from_pattern: from, to_backend: backend, to_model: model } = settings
  return { text: ruleText(settings), from, to: { backend, model }, matches: matcher(from, isBackend) }
}

export function ruleText({ from_pattern, to_backend, to_model }: RuleSettings): string {
  return `${from_pattern}=${to_backend}:${to_model}`
}

/** Whether the rule would have the request answered by what it asks for anyway. */
export function changesNothing({ to }: Rule, asked: Asked): boolean {
  return to.model === asked.model && isCalled(asked, to.backend)
}

function matcher(from: string, isBackend: (name: string) => boolean): Rule['matches'] {
  if (from === '*') return () => true
  const colon = from.indexOf(':')
  const backend = from.slice(0, Math.max(0, colon))
  if (colon < 1 || !isBackend(backend)) return ({ model }) => model.includes(from)
  const exact = from.slice(colon + 1)
  return (asked) => asked.model === exact && isCalled(asked, backend)
}

function isCalled({ backend, backendType }: Asked, name: string): boolean {
  return backend === name || backendType === name
}
