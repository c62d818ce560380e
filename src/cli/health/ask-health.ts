import { text } from 'node:stream/consumers'
import { type ApiClient, ProxyAway } from '../api-client.ts'
import { exitCodes } from '../exit-codes.ts'
import { Failure } from '../failure.ts'
import { type HealthReport, readReport } from './report.ts'

export interface AskedHealth {
  /** As the proxy wrote it. */
  answer: unknown
  report: HealthReport
}

/** Asks for what the proxy knows now. Rejects with a `Failure`. */
export async function askHealth(client: ApiClient, signal?: AbortSignal): Promise<AskedHealth> {
  const answer = jsonIn(
    await wholeText(client, client.get('/internal/health', new URLSearchParams(), signal)),
  )
  const report = readReport(answer)
  if (report === null) throw new Failure(`what answers at ${client.url} is no llmproxy`, exitCodes.notDone)
  return { answer, report }
}

/** Has the proxy check all endpoints now, and waits until it has. */
export async function runChecks(client: ApiClient): Promise<void> {
  await wholeText(client, client.post('/internal/health/check'))
}

/** A proxy that goes away in the midst of its answer is away. */
async function wholeText({ url }: ApiClient, answered: Promise<AsyncIterable<Buffer>>): Promise<string> {
  const body = await answered.catch((thrown: unknown) => Promise.reject(asNotDone(thrown)))
  return text(body).catch((error: unknown) => Promise.reject(new ProxyAway(url, error)))
}

/** Whoever refuses to say how the proxy is, has not said that it is down. */
function asNotDone(thrown: unknown): unknown {
  if (!(thrown instanceof Failure) || thrown.exitCode !== exitCodes.failed) return thrown
  return new Failure(thrown.message, exitCodes.notDone, thrown.tries, thrown.cause)
}

function jsonIn(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}
