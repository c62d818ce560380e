import { createHash } from 'node:crypto'
import { overwriteKeys } from '../../../core/secrets/key-patterns.ts'
import { type Literal, Literals } from '../../../core/secrets/literals.ts'
import { secretKinds } from '../../../core/secrets/mark.ts'
import type { Placed } from '../../view/read-body.ts'

/** A secret in a body, or the mark of one that was overwritten. */
export interface FoundSecret {
  /** What it is, in a few words: `a key of AWS`. */
  what: string
  /** Four hex digits that are the same for the same secret. */
  fingerprint: string
  /**
   * `known`: the proxy knew its value. `shaped`: it has the form of one kind of key. `guessed`: redaction overwrote what
   * looked like one, and what it was can no longer be seen. `weak`: it stood where secrets stand.
   */
  certainty: 'known' | 'shaped' | 'guessed' | 'weak'
  /** As it stands in the body: never shown. */
  text: string
}

/** Longer runs are opaque data that happens to begin like a key. */
const longestKey = 220
const mostFound = 20

/** Objects of requests in whose text there are none: conversations have them again and again. */
const harmless = new WeakSet<object>()

/**
 * Secrets in a body, each once. `placed`: objects that stand in it. A secret stands within a text, so that where the parts
 * have none, the whole has none.
 */
export function secretsIn(body: Uint8Array, placed: readonly Placed[] = []): FoundSecret[] {
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('latin1')
  return placed.length > 0 && areHarmless(text, placed) ? [] : secretsOf(text)
}

function areHarmless(text: string, placed: readonly Placed[]): boolean {
  let between = ''
  let from = 0
  for (const { value, start, end } of placed) {
    between += text.slice(from, start)
    from = end
    if (harmless.has(value)) continue
    if (secretsOf(text.slice(start, end)).length > 0) return false
    harmless.add(value)
  }
  return secretsOf(between + text.slice(from)).length === 0
}

function secretsOf(text: string): FoundSecret[] {
  const found = new Map<string, FoundSecret>()
  for (const secret of [...marksIn(text), ...ownShapes(text), ...keysIn(text)]) {
    if (found.size < mostFound && !found.has(secret.text)) found.set(secret.text, secret)
  }
  return [...found.values()]
}

/** With its stars: words that only look like a mark have none. */
const marked = new RegExp(`(?<![\\w+/-])(${secretKinds.join('|')})-([0-9a-f]{4})\\*+`, 'g')

function* marksIn(text: string): Iterable<FoundSecret> {
  if (!hasMark(text)) return
  for (const [mark, kind = '', fingerprint = ''] of text.matchAll(marked)) {
    if (mark.length > longestKey) continue
    yield {
      what: kindWords[kind] ?? kind,
      fingerprint,
      certainty: certaintyOf(kind, mark.length),
      text: mark,
    }
  }
}

/** Stars behind four hex digits and a dash: much cheaper to look for than the whole. */
function hasMark(text: string): boolean {
  for (let at = text.indexOf('*'); at >= 0; at = text.indexOf('*', at + 1)) {
    if (text[at - 5] === '-' && /^[0-9a-f]{4}$/.test(text.slice(at - 4, at))) return true
  }
  return false
}

const kindWords: Readonly<Record<string, string>> = {
  'provider-key': "the proxy's own provider key",
  'access-key': 'an access key of the proxy',
  credential: "a client's provider key",
  token: 'what looks like a key',
  login: 'a login in a URL',
  header: 'a header with a credential',
  cookie: 'a cookie',
}

function certaintyOf(kind: string, length: number): FoundSecret['certainty'] {
  if (kind === 'provider-key' || kind === 'access-key' || kind === 'credential') return 'known'
  // Shorter ones are parameters named `key`, and words behind "Bearer".
  return (kind === 'token' && length >= 24) || (kind === 'login' && length >= 16) ? 'guessed' : 'weak'
}

/** What redaction does not know, by the vendors' own descriptions of their keys. Each has one of its beginnings in it. */
const shapes: readonly { what: string; beginnings: readonly string[]; pattern: RegExp }[] = [
  {
    what: 'a key of AWS',
    beginnings: ['AKIA'],
    pattern: /(?<![A-Za-z0-9+/])AKIA[2-7A-Z]{16}(?![A-Za-z0-9+/])/g,
  },
  {
    what: 'a token of GitHub',
    beginnings: ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'],
    pattern: /(?<![A-Za-z0-9])gh[pousr]_[A-Za-z0-9]{36}(?![A-Za-z0-9])/g,
  },
  {
    what: 'a token of GitHub',
    beginnings: ['github_pat_'],
    pattern: /(?<![A-Za-z0-9])github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}(?![A-Za-z0-9])/g,
  },
  {
    what: 'a token of Slack',
    beginnings: ['xox'],
    pattern: /(?<![A-Za-z0-9])xox[abprs]-\d[A-Za-z0-9-]{20,120}/g,
  },
  {
    what: 'a private key',
    beginnings: ['PRIVATE KEY'],
    pattern:
      /-----BEGIN (?:(?:RSA|EC|DSA|OPENSSH|ENCRYPTED|PGP) )?PRIVATE KEY(?: BLOCK)?-----(?:\\r)?(?:\\n|\s)[A-Za-z0-9+/]{24}/g,
  },
]
const searched: Literal[] = []
const numbered = shapes.map(({ what, beginnings, pattern }) => ({
  ...{ what, pattern },
  beginnings: beginnings.map((text) => searched.push({ text, ignoresCase: false }) - 1),
}))
const literals = new Literals(searched)

function* ownShapes(text: string): Iterable<FoundSecret> {
  const present = literals.presentIn(text)
  if (present === null) return
  for (const { what, beginnings, pattern } of numbered) {
    if (!beginnings.some((number) => present[number])) continue
    for (const [secret] of text.matchAll(pattern)) if (!isExample(secret)) yield shaped(what, secret)
  }
}

const prefixes: readonly [start: string, what: string][] = [
  ['sk-ant-', 'a key of Anthropic'],
  ['sk-or-', 'a key of OpenRouter'],
  ['sk-', 'a key of OpenAI or alike'],
  ['AIza', 'a key of Google'],
  ['ya29.', 'a token of Google'],
  ['gsk_', 'a key of Groq'],
  ['xai-', 'a key of xAI'],
  ['nvapi-', 'a key of NVIDIA'],
  ['pplx-', 'a key of Perplexity'],
  ['tgp_v1_', 'a key of Together'],
  ['fw_', 'a key of Fireworks'],
  ['hf_', 'a token of Hugging Face'],
  ['lp_', 'an access key of the proxy'],
]

/** Of what redaction knows the forms that nothing else has. */
function keysIn(text: string): FoundSecret[] {
  const found: FoundSecret[] = []
  // Each of its patterns goes through the text from the beginning.
  let from = 0
  overwriteKeys(text, (kind, secret) => {
    const what = kind === 'login' ? loginIn(secret) : shapeOf(secret)
    if (what !== null && found.length < mostFound && !isExample(secret)) {
      const next = text.indexOf(secret, from)
      from = next < 0 ? text.indexOf(secret) : next
      if (standsAlone(text, from)) found.push(shaped(what, secret))
    }
    return '*'.repeat(secret.length)
  })
  return found
}

function shapeOf(secret: string): string | null {
  if (secret.length > longestKey) return signedToken(secret)
  const known = prefixes.find(([start]) => secret.startsWith(start))
  return known && looksRandom(secret.slice(known[0].length)) ? known[1] : signedToken(secret)
}

/** Three parts, of which the first two are JSON objects. */
function signedToken(secret: string): string | null {
  return /^eyJ[\w-]{10,2000}\.eyJ[\w-]{10,8000}\.[\w-]{40,1000}$/.test(secret) ? 'a signed token (JWT)' : null
}

/** `user:password`, unless the password is a word that stands for one. */
function loginIn(secret: string): string | null {
  const [, user = '', password = ''] = /^([^:]*):(.+)$/.exec(secret) ?? []
  const isPlain = password.length < 8 || password.toLowerCase() === user.toLowerCase()
  return isPlain || !looksRandom(password) ? null : 'a login in a URL'
}

/** Not the end of a longer run of such characters. */
function standsAlone(text: string, at: number): boolean {
  return (
    at <= 0 ||
    !/[-_+/A-Za-z0-9]/.test(text[at - 1] ?? '') ||
    /\\[nrt]$/.test(text.slice(Math.max(0, at - 2), at))
  )
}

/** As keys are made, and words are not. */
function looksRandom(text: string): boolean {
  return /\d/.test(text) && /[A-Za-z]/.test(text) && new Set(text).size >= Math.min(12, text.length * 0.6)
}

const exampleWords =
  /example|placeholder|your[-_]|changeme|redacted|dummy|sample|x{4}|\.{3}|\*{3}|1234567|abcdef|password|[<>{}$]/i

function isExample(secret: string): boolean {
  return exampleWords.test(secret)
}

function shaped(what: string, text: string): FoundSecret {
  const fingerprint = createHash('sha256').update(text).digest('hex').slice(0, 4)
  return { what, fingerprint, certainty: 'shaped', text }
}
