const keyParameters = new Set(['key', 'api_key', 'api-key', 'apikey', 'access_token'])

/** The parts of a raw query, as they stand between the `&`. */
export function queryParts(rawQuery: string): string[] {
  const query = rawQuery.startsWith('?') ? rawQuery.slice(1) : rawQuery
  return query === '' ? [] : query.split('&')
}

/** The name of one part, decoded; as it stands where it cannot be. */
export function parameterName(part: string): string {
  return decoded(part.split('=', 1)[0] ?? '')
}

export function parameterValue(part: string): string {
  const equals = part.indexOf('=')
  return equals < 0 ? '' : decoded(part.slice(equals + 1))
}

/** Whether a part of a query carries a credential: `key=…`, `access_token=…`. */
export function carriesKey(part: string): boolean {
  return keyParameters.has(parameterName(part).toLowerCase())
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}
