import { version } from '../version.ts'

let made: Promise<string> | undefined

/** The text of `GET /openapi.json`. Made when it is first asked for: no start waits for it. */
export function openApiText(): Promise<string> {
  made ??= make()
  return made
}

async function make(): Promise<string> {
  const [{ openApiDocument }, { querySchemas }] = await Promise.all([
    import('../openapi/document.ts'),
    import('../../usage/query/query-schemas.ts'),
  ])
  return JSON.stringify(openApiDocument({ version, queries: querySchemas }))
}
