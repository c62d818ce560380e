import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** Three secrets, none of which looks like a key of a known kind but the client's, which must. */
export const planted = {
  providerKey: 'Pv8d1f0a6b3c7e4f2a9d5b60',
  accessKey: 'Ac47e2b9d0f3a8c1e6b5d7f2',
  /** Has the form that OpenAI's have, or it would not be taken for the client's own. */
  credential: 'sk-proj-Cl93c5e7a1d8f0b2e4a6c9d3f1b7e5',
} as const

export const secrets = Object.values(planted)

/** Every text of `length` characters in a row out of a secret's own: a piece tells as much as it is long. */
function piecesOf(secret: string, length = 12): string[] {
  const own = secret.replace(/^sk-proj-/, '')
  return Array.from({ length: own.length - length + 1 }, (_, at) => own.slice(at, at + length))
}

/** What of the secrets stands in a text: as it is, URL-encoded, or in base64 at any alignment. */
export function leaksIn(text: string): string[] {
  const encoded = secrets.flatMap((secret) =>
    ['', 'x', 'xx'].map((before) => {
      const base64 = Buffer.from(before + secret).toString('base64')
      return base64.slice(4, -4)
    }),
  )
  return [...secrets.flatMap((secret) => piecesOf(secret)), ...encoded].filter((piece) =>
    text.includes(piece),
  )
}

/** The files below a folder, by their paths in it. */
export function filesIn(folder: string): Map<string, string> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return new Map(
    files
      .filter((name) => statSync(join(folder, name)).isFile())
      .map((name) => [name, readFileSync(join(folder, name), 'latin1')]),
  )
}
