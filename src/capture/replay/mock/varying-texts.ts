import { isObject, type Json, type JsonObject } from '../../../core/json.ts'

const month =
  '(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sep(?:t(?:ember)?)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)'
const day = '(?:(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?,? {1,2})?'
const time = '\\d{1,2}:\\d{2}(?::\\d{2}(?:\\.\\d{1,9})?)?(?: ?[AP]M)?(?: ?(?:Z|UTC|GMT|[+-]\\d{2}:?\\d{2}))?'

/** What programs write into prompts and tool results and is another each time, in the order of replacing. */
const varying: readonly [RegExp, string][] = [
  [/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi, '<id>'],
  [new RegExp(`\\b\\d{4}-\\d{2}-\\d{2}(?:[T ]${time})?`, 'g'), '<date>'],
  [
    new RegExp(`${day}\\b(?:${month}\\.? \\d{1,2}(?:st|nd|rd|th)?|\\d{1,2} ${month})(?:,? \\d{4})?\\b`, 'g'),
    '<date>',
  ],
  [/\b\d{1,2}[/.]\d{1,2}[/.]\d{4}\b/g, '<date>'],
  [new RegExp(`\\b${time}(?!\\w)`, 'g'), '<time>'],
  [/\b1[6-9]\d{8}(?:\d{3})?\b/g, '<time>'],
  [/\b(?:toolu|call|msg|resp|req|sess|session|chatcmpl|fc|rs)[_-][\w-]{6,}/g, '<id>'],
  [/\b(?=[0-9a-f]{0,63}\d)(?=[0-9a-f]{0,63}[a-f])[0-9a-f]{7,64}\b/g, '<id>'],
  // The first folder below one for temporary files has a name made up by chance.
  [
    /(?:\/private)?\/(?:var\/folders\/[^/\s"'`<>]{1,64}\/[^/\s"'`<>]{1,64}\/T|(?:var\/)?tmp)\/[^/\s"'`<>:;,)]{1,200}/g,
    '<temp>',
  ],
  [/(?:\/home|\/Users)\/[^/\s"'`<>:;,)]{1,100}|[A-Z]:\\Users\\[^\\\s"'`<>:;,)]{1,100}/g, '<home>'],
]

/** How agents tell a model where they work. */
const workingFolder =
  /(?:<cwd>|(?:working|current|workspace|in the) director(?:y|ies):\**\s{0,8}(?:- )?)((?:\/[^/\s"'`<>:;,)*]{1,200}){1,40})/i

const rememberedFrom = 200
const mostRemembered = 20_000

/**
 * Puts the same words in the place of dates, times, ids, temporary and home folders and the working folder, in all texts of
 * a value. Long texts are remembered: the turns of a conversation have the same ones over and over.
 */
export class VaryingTexts {
  readonly #known = new Map<string, string>()

  same(json: Json): Json {
    const folder = workingFolderOf(json)
    return this.#mapped(json, folder === null ? [] : namesOf(folder))
  }

  #mapped(value: Json, names: readonly FolderName[]): Json {
    if (typeof value === 'string') return this.#text(value, names)
    if (Array.isArray(value)) return value.map((element) => this.#mapped(element, names))
    if (!isObject(value)) return value
    const mapped: JsonObject = Object.create(null)
    for (const [name, member] of Object.entries(value)) {
      if (member !== undefined) mapped[name] = this.#mapped(member, names)
    }
    return mapped
  }

  #text(text: string, names: readonly FolderName[]): string {
    let placed = text
    for (const [name, words] of names) placed = placed.replace(name, words)
    if (placed.length < rememberedFrom) return replaced(placed)
    let known = this.#known.get(placed)
    if (known === undefined) {
      known = replaced(placed)
      if (this.#known.size >= mostRemembered) this.#known.clear()
      this.#known.set(placed, known)
    }
    return known
  }
}

type FolderName = [name: RegExp, words: string]

/** A folder as it stands in texts: whole, as a name made of it (Claude Code's memory), or by its last name. Some write it in small letters. */
function namesOf(folder: string): FolderName[] {
  const last = folder.slice(folder.lastIndexOf('/') + 1)
  return [
    [anyCase(folder), '<folder>'],
    [anyCase(folder.replace(/[^A-Za-z0-9]/g, '-')), '<folder>'],
    [anyCase(`${last}/`, '(?<![\\w-])'), '<folder>/'],
  ]
}

function anyCase(text: string, before = ''): RegExp {
  return new RegExp(before + text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'), 'gi')
}

function replaced(text: string): string {
  let result = text
  for (const [pattern, words] of varying) result = result.replace(pattern, words)
  return result
}

/** The first that is told of. */
function workingFolderOf(value: Json | undefined): string | null {
  if (typeof value === 'string') return workingFolder.exec(value)?.[1] ?? null
  if (typeof value !== 'object' || value === null) return null
  for (const member of Object.values(value)) {
    const found = workingFolderOf(member)
    if (found !== null) return found
  }
  return null
}
