import type { Decoded } from '../../format/cbor-decode.ts'
import { asMap } from '../../format/checks.ts'
import {
  type InterpretationRecord,
  type InterpretedAttempt,
  type LegNumber,
  legNumbers,
  type SessionRecord,
} from '../../format/records.ts'
import { countOf, textOf, type V2Meta } from './entry.ts'

const maxRequestBytes = 16 * 1024 * 1024

/** What an exchange came to, gathered from the fields beside its bytes. */
export class V2Facts {
  isStream = false
  readonly #exchange: string
  #session: string | undefined
  #model: string | undefined
  #status: number | undefined
  #isError = false
  #told = ''
  readonly #attempts: InterpretedAttempt[] = []

  constructor(exchange: string) {
    this.#exchange = exchange
  }

  begin(attempt: number): void {
    if (this.#attempts.some(({ n }) => n === attempt)) return
    this.#attempts.push({ n: attempt, backend: '', backend_type: '', protocol: '' })
  }

  note(dir: LegNumber, data: Uint8Array, meta: V2Meta, status: number | undefined): void {
    this.#session ??= textOf(meta, 'asid') ?? textOf(meta, 'sid') ?? textOf(meta, 'bsid')
    if (dir === legNumbers.CTP) this.#noteRequest(data, meta)
    if (meta.ss === true) this.isStream = true
    if (meta.eos_term === 'error') this.#isError = true
    if (dir === legNumbers.PTC) this.#status = status ?? this.#status
  }

  /** What an entry says of the attempt whose leg it is of. */
  noteAttempt(attempt: number, meta: V2Meta, status: number | undefined): void {
    const found = this.#attempts.find(({ n }) => n === attempt)
    if (!found) return
    const backend = textOf(meta, 'be')
    const model = textOf(meta, 'mod')
    if (backend !== undefined) Object.assign(found, { backend, backend_type: backend })
    if (model !== undefined) found.model = model
    if (status !== undefined) found.status = status
    const usage = asMap(meta.cu ?? null)
    if (usage) noteUsage(found, usage)
  }

  /** Null where nothing is new. */
  session(t: number): SessionRecord | null {
    const record: SessionRecord = { k: 's', x: this.#exchange, t, stream: this.isStream }
    if (this.#session !== undefined) record.session = this.#session
    if (this.#model !== undefined) record.requested_model = this.#model
    const told = JSON.stringify([this.#session, this.#model, this.isStream])
    if (told === this.#told) return null
    this.#told = told
    return record
  }

  interpretation(t: number, isAnswered: boolean): InterpretationRecord {
    const status = this.#status ?? this.#attempts.at(-1)?.status
    const failed = this.#isError || (status !== undefined && status >= 400)
    const record: InterpretationRecord = {
      k: 'u',
      x: this.#exchange,
      t,
      purpose: 'other',
      stream: this.isStream,
      outcome: failed ? 'error' : isAnswered ? 'complete' : 'incomplete',
      attempts: this.#attempts,
    }
    if (this.#session !== undefined) record.session = this.#session
    if (this.#model !== undefined) record.requested_model = this.#model
    if (status !== undefined) record.status = status
    return record
  }

  #noteRequest(data: Uint8Array, meta: V2Meta): void {
    const request = requestOf(data)
    if (typeof request?.model === 'string') this.#model ??= request.model.slice(0, 512)
    this.#model ??= textOf(meta, 'mod')
    if (request?.stream === true) this.isStream = true
  }
}

function requestOf(data: Uint8Array): { model?: unknown; stream?: unknown } | null {
  if (data.length > maxRequestBytes) return null
  try {
    return JSON.parse(Buffer.from(data.buffer, data.byteOffset, data.length).toString())
  } catch {
    return null
  }
}

function noteUsage(attempt: InterpretedAttempt, usage: { readonly [name: string]: Decoded }): void {
  const prompt = countOf(usage, 'prompt_tokens') ?? countOf(usage, 'input_tokens')
  const completion = countOf(usage, 'completion_tokens') ?? countOf(usage, 'output_tokens')
  if (prompt !== undefined) attempt.prompt_tokens = prompt
  if (completion !== undefined) attempt.completion_tokens = completion
}
