import { REMOTE_DATA_JSON_URL } from '@pydantic/genai-prices'
import { request } from 'undici'
import { readCatalogueData } from './catalogue-data.ts'
import { catalogueFiles, hashOf, writeCatalogue } from './catalogue-folder.ts'

export interface UpdatedCatalogue {
  version: string
  file: string
  modelCount: number
  /** False: the folder had this data already, and keeps it under its first version. */
  isNew: boolean
}

export interface CatalogueUpdate {
  folder: string
  nowMs: number
  /** For tests; else from the address that the library itself updates from. */
  fetchText?: (url: string) => Promise<string>
}

const maxBytes = 20_000_000
const timeoutMs = 30_000

/**
 * Fetches the catalogue of today and keeps it beside the older ones, which old records name. Throws, and writes
 * nothing, where it cannot be had or is not one. A price book takes it when it is made next.
 */
export async function updateCatalogue(update: CatalogueUpdate): Promise<UpdatedCatalogue> {
  const json = await (update.fetchText ?? download)(REMOTE_DATA_JSON_URL)
  const providers = readCatalogueData(json)
  const modelCount = providers.reduce((sum, { models }) => sum + models.length, 0)
  const hash = hashOf(json)
  const [newest] = catalogueFiles(update.folder)
  if (newest?.hash === hash) {
    const file = await writeCatalogue(update.folder, newest.version, json)
    return { version: newest.version, file, modelCount, isNew: false }
  }
  const day = new Date(update.nowMs).toISOString().slice(0, 10)
  const version = `genai-prices@${day}-${hash}`
  const file = await writeCatalogue(update.folder, version, json)
  return { version, file, modelCount, isNew: true }
}

async function download(url: string): Promise<string> {
  const signal = AbortSignal.timeout(timeoutMs)
  const { statusCode, body } = await request(url, { signal })
  if (statusCode !== 200) {
    await body.dump()
    throw new Error(`${url} answered ${statusCode}`)
  }
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of body as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > maxBytes) throw new Error(`${url} sent more than ${maxBytes} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
