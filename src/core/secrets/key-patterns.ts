import { type Literal, Literals } from './literals.ts'
import { markSource, type SecretKind } from './mark.ts'
import { sensitiveHeaders, sensitiveParameters } from './sensitive-names.ts'

interface KeyPattern {
  kind: SecretKind
  /** A literal that every match contains: text without it is not searched. */
  literal?: string
  /** In lower case: every match contains one of these, in whatever case. */
  words?: readonly string[]
  /** The first group, if there is one, is what stands before the secret and is kept. */
  expression: RegExp
}

const unmarked = `(?!(?:(?:bearer|basic)\\s{1,4})?${markSource})`
/** Their values have spaces in them. */
const wordyHeaders = ['authorization', 'proxy-authorization', 'cookie', 'set-cookie']
const plainHeaders = [...sensitiveHeaders].filter((name) => !wordyHeaders.includes(name))
const parameters = [...sensitiveParameters].join('|')

/** After an escape of a URL or of JSON (`%3D`, `\\n`), a letter does not mean that a word goes on. */
const afterEscape = '(?<=%[0-9A-Fa-f]{2}|\\\\[nrtbf])'

function prefixed(literal: string, characters: string, minLength: number): KeyPattern {
  const start = literal.replace('.', '\\.')
  return {
    kind: 'token',
    literal,
    expression: new RegExp(`(?:(?<![A-Za-z0-9])|${afterEscape})${start}[${characters}]{${minLength},}`, 'g'),
  }
}

/** A header as text or JSON has it: `x-api-key: …`, `"x-api-key":"…"`. */
function named(names: string, scheme: string, character: string): RegExp {
  const before = `((?<![\\w-])(?:${names})["']?\\s{0,4}:\\s{0,4}["']?${scheme})`
  return new RegExp(`${before}${unmarked}(?=\\S)${character}{4,}`, 'gi')
}

/** What keys look like, whoever's they are. In the order in which they are overwritten. */
const keyPatterns: readonly KeyPattern[] = [
  prefixed('sk-', 'A-Za-z0-9_-', 16),
  prefixed('AIza', 'A-Za-z0-9_-', 30),
  prefixed('gsk_', 'A-Za-z0-9', 20),
  prefixed('xai-', 'A-Za-z0-9_-', 20),
  prefixed('nvapi-', 'A-Za-z0-9_-', 20),
  prefixed('pplx-', 'A-Za-z0-9', 20),
  prefixed('ya29.', 'A-Za-z0-9_.-', 20),
  prefixed('tgp_v1_', 'A-Za-z0-9_-', 20),
  prefixed('fw_', 'A-Za-z0-9', 20),
  prefixed('hf_', 'A-Za-z0-9', 20),
  prefixed('lp_', 'a-z0-9', 16),
  // What agents read in files and send along.
  prefixed('AKIA', 'A-Z0-9', 16),
  prefixed('ASIA', 'A-Z0-9', 16),
  ...['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'].map((start) => prefixed(start, 'A-Za-z0-9', 30)),
  prefixed('github_pat_', 'A-Za-z0-9_', 22),
  prefixed('glpat-', 'A-Za-z0-9_-', 20),
  ...['xoxb-', 'xoxp-', 'xoxa-', 'xoxr-', 'xoxs-'].map((start) => prefixed(start, 'A-Za-z0-9-', 10)),
  {
    kind: 'token',
    literal: 'PRIVATE KEY-----',
    // Also as a text in JSON, where its lines end in an escape.
    expression: /(-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----)(?:[A-Za-z0-9+/=\s]|\\[nr]){16,16384}/g,
  },
  {
    kind: 'token',
    literal: 'eyJ',
    // Only at the beginning of a run of its characters, so that a long run is read once.
    expression: new RegExp(`(?:(?<![\\w-])|${afterEscape})eyJ[\\w-]{8,}(?:\\.[\\w-]*){1,4}`, 'g'),
  },
  {
    kind: 'login',
    literal: '://',
    expression: new RegExp(`(://)${unmarked}[^\\s/@"'<>\\\\]{1,512}(?=@)`, 'g'),
  },
  {
    kind: 'token',
    literal: '=',
    expression: new RegExp(`([?&;](?:${parameters})=)${unmarked}[^\\s&;"'<>#\\\\]+`, 'gi'),
  },
  {
    kind: 'token',
    words: ['bearer'],
    // A word alone after "bearer" is a sentence, not a key.
    expression: new RegExp(
      `(\\bbearer\\s{1,8})${unmarked}(?:(?=[a-z._~+/=-]{0,512}\\d)[\\w.~+/=-]{8,}|[\\w.~+/=-]{20,})`,
      'gi',
    ),
  },
  {
    kind: 'header',
    literal: ':',
    words: wordyHeaders,
    expression: named(wordyHeaders.join('|'), '(?:(?:bearer|basic)\\s{1,4})?', '[^\\r\\n"\'\\\\]'),
  },
  {
    kind: 'header',
    literal: ':',
    words: plainHeaders,
    expression: named(plainHeaders.join('|'), '', '[^\\s"\',;\\\\]'),
  },
]

const searched: Literal[] = []

/** Each with the numbers of what must stand in a text for it to match. */
const tried = keyPatterns.map(({ kind, expression, literal, words }) => ({
  ...{ kind, expression },
  literal: literal === undefined ? null : searched.push({ text: literal, ignoresCase: false }) - 1,
  words: words?.map((text) => searched.push({ text, ignoresCase: true }) - 1) ?? null,
}))
const literals = new Literals(searched)

/** `text` with everything that looks like a key overwritten by `mark`, which keeps the length. */
export function overwriteKeys(text: string, mark: (kind: SecretKind, secret: string) => string): string {
  let result = text
  // What is overwritten on the way can only take such words away.
  const present = literals.presentIn(text)
  if (present === null) return text
  for (const { kind, literal, words, expression } of tried) {
    if (literal !== null && !present[literal]) continue
    if (words !== null && !words.some((word) => present[word])) continue
    result = result.replace(expression, (match: string, ...groups: unknown[]) => {
      const kept = typeof groups[0] === 'string' ? groups[0] : ''
      return kept + mark(kind, match.slice(kept.length))
    })
  }
  return result
}
