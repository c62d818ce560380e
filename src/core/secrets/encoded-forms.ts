/** Shorter needles would be found in text that has nothing to do with the secret. */
const minFormLength = 8

/**
 * The ways in which a secret may stand in traffic: as it is, inside a JSON string, URL-encoded, and in base64
 * at each of the three alignments that what stands before it can give it (both alphabets).
 */
export function encodedForms(secret: string): Buffer[] {
  const forms = new Set([secret, JSON.stringify(secret).slice(1, -1), ...urlForms(secret)])
  for (const before of [0, 1, 2]) {
    const form = base64Form(secret, before)
    forms.add(form)
    forms.add(form.replaceAll('+', '-').replaceAll('/', '_'))
  }
  return [...forms].filter((form) => form.length >= minFormLength).map((form) => Buffer.from(form))
}

function urlForms(secret: string): string[] {
  const upper = encodeURIComponent(Buffer.from(secret).toString())
  const strict = upper.replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
  return [upper, strict, strict.replaceAll('%20', '+')].flatMap((form) => [form, lowerHex(form)])
}

function lowerHex(form: string): string {
  return form.replace(/%[0-9A-F]{2}/g, (encoded) => encoded.toLowerCase())
}

/** The characters of the base64 that depend on the secret alone, when `before` bytes precede it. */
function base64Form(secret: string, before: number): string {
  const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(secret)])
  const first = Math.ceil((before * 8) / 6)
  const last = Math.floor((bytes.length * 8) / 6)
  return bytes.toString('base64').slice(first, last)
}
