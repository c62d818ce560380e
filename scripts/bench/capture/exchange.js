// One generated exchange as what a proxy tells its capture: entries with their times, in nanoseconds since its opening.
import { legNumbers } from '../../../src/capture/format/records.ts'
import { protocolNamed } from '../../../src/protocols/index.ts'
import { foldEvents } from '../../../src/protocols/translation/fold-events.ts'
import { answerHeaders, backends, refusals, requestHeaders } from './providers.js'

const ms = 1e6
/** The proxy passes on what it got so much later. */
const laterNs = 60_000

/**
 * `fate`: 'complete', 'refused' (one backend refuses, another answers), 'error' (all refuse), 'left' (the client leaves) or
 * 'cut' (the backend ends in the middle).
 */
export function exchangeEntries(plan) {
  const script = new Script(plan)
  script.ask()
  if (plan.fate === 'refused' || plan.fate === 'error') script.refuse()
  if (plan.fate === 'error') script.giveUp()
  else script.answer()
  return script.entries
}

class Script {
  entries = []
  #plan
  #t = 0
  #attempts = []
  #served
  #asked
  #model
  #origin
  #type
  #told
  #call
  #sent

  constructor(plan) {
    const { client, backend, conversation, session, stream } = plan
    this.#plan = plan
    const [type, model, origin] = backends[backend]
    this.#type = type
    this.#model = model
    this.#origin = origin
    this.#served = protocolNamed(backend)
    this.#asked = protocolNamed(client)
    this.#told = {
      ...{ session, turn: conversation.turn + 1, client_app: 'bench-agent' },
      ...{ requested_model: `${type}:${model}`, stream },
    }
  }

  /** The client's request, and what of it a backend is sent. */
  ask() {
    const { client, backend, conversation, stream } = this.#plan
    const model = this.#told.requested_model
    const call = conversation.ask(model, stream)
    const { body } = this.#asked.encodeRequest(call, { backendType: this.#type, model, askForUsage: true })
    this.#call = this.#asked.decodeRequest(body, { model, stream })
    this.#sent =
      client === backend
        ? { body: 'model' in body ? { ...body, model: this.#model } : body, lost: [] }
        : this.#served.encodeRequest(this.#call, {
            ...{ backendType: this.#type, model: this.#model, askForUsage: true },
          })
    const { path, query } = this.#asked.generation(model, stream)
    this.#add({ k: 'xo', ep: client })
    this.#request({ leg: 'CTP', url: path + query, body })
    this.#add({ k: 's', ...this.#told })
    this.#t += ms
  }

  /** The first backend refuses. */
  refuse() {
    const attempt = this.#attempt(this.#type, { status: 429, reason: 'rate_limited' })
    this.#head({ leg: 'BTP', attempt }, 429, 'application/json')
    this.#add({ k: 'b', bytes: Buffer.from(refusals[this.#served.family]) }, { leg: 'BTP', attempt })
    this.#end('eof', { leg: 'BTP', attempt })
  }

  /** And so does the proxy. */
  giveUp() {
    this.#plan.conversation.failed()
    this.#head({ leg: 'PTC' }, 429, 'application/json')
    this.#add({ k: 'b', bytes: Buffer.from(refusals[this.#asked.family]) }, { leg: 'PTC' })
    this.#end('eof', { leg: 'PTC' })
    this.#close('error', 429, { error: 'rate_limited' })
  }

  answer() {
    const { conversation, backend, stream, fate } = this.#plan
    const name = this.#attempts.length > 0 ? `${this.#type}.second` : this.#type
    const attempt = this.#attempt(name, { status: 200 })
    const events = conversation.answer(backend, this.#model)
    const { usage } = events.find(({ type }) => type === 'usage')
    Object.assign(this.#attempts.at(-1), {
      ...{ prompt_tokens: usage.promptTokens, completion_tokens: usage.completionTokens },
      ...(this.#sent.lost.length > 0 && { dropped: this.#sent.lost.map((item) => this.#paramOf(item)) }),
    })
    const contentType = stream ? 'text/event-stream; charset=utf-8' : 'application/json'
    this.#head({ leg: 'BTP', attempt }, 200, contentType)
    this.#head({ leg: 'PTC' }, 200, contentType)
    if (stream) this.#stream(events, attempt)
    else this.#whole(events, attempt)
    const [atBackend, atClient, outcome, more] = ends[fate] ?? ends.complete
    this.#end(atBackend, { leg: 'BTP', attempt })
    this.#end(atClient, { leg: 'PTC' })
    this.#close(outcome, 200, more)
  }

  #stream(events, attempt) {
    const { fate, random } = this.#plan
    const passage = new Passage(this.#served, this.#asked, this.#about())
    const isWhole = fate !== 'left' && fate !== 'cut'
    for (const event of isWhole ? events : events.slice(0, events.length * 0.6)) {
      this.#t += (4 + random(30)) * ms
      this.#both(passage.push([event]), attempt)
    }
    if (isWhole) this.#both(passage.end(), attempt)
  }

  #whole(events, attempt) {
    const about = this.#about()
    this.#t += (300 + this.#plan.random(4_000)) * ms
    const came = this.#served.encodeAnswer(foldEvents(events, this.#model), about).body
    const read = () => foldEvents(this.#served.decodeAnswer(came), this.#model)
    const passed = this.#served === this.#asked ? came : this.#asked.encodeAnswer(read(), about).body
    this.#both([Buffer.from(JSON.stringify(came)), Buffer.from(JSON.stringify(passed))], attempt)
  }

  /** Another try at a backend; gives its number. */
  #attempt(backend, told) {
    const { stream, random, backend: protocol } = this.#plan
    const number = this.#attempts.length + 1
    this.#attempts.push({
      ...{ n: number, backend, backend_type: this.#type, model: this.#model, protocol },
      ...told,
    })
    const { path, query } = this.#served.generation(this.#model, stream)
    this.#request({
      ...{ leg: 'PTB', attempt: number, url: this.#origin + path + query, body: this.#sent.body },
      more: { be: backend, bt: this.#type, mod: this.#model, pr: protocol },
    })
    this.#t += (150 + random(600)) * ms
    return number
  }

  #request({ leg, attempt, url, body, more }) {
    this.#add({ k: 'h', m: 'POST', u: url, ver: '1.1', hd: requestHeaders, ...more }, { leg, attempt })
    this.#add({ k: 'b', bytes: Buffer.from(JSON.stringify(body)) }, { leg, attempt })
    this.#t += ms / 10
    this.#end('eof', { leg, attempt })
  }

  #both([came, passed], attempt) {
    if (came.length > 0) this.#add({ k: 'b', bytes: came }, { leg: 'BTP', attempt })
    this.#t += laterNs
    if (passed.length > 0) this.#add({ k: 'b', bytes: passed }, { leg: 'PTC' })
  }

  #head(place, st, contentType) {
    this.#add({ k: 'h', st, ver: '1.1', hd: [...answerHeaders, ['content-type', contentType]] }, place)
  }

  #end(why, place) {
    this.#add({ k: 'e', why }, place)
  }

  #close(outcome, status, more) {
    this.#t += ms / 5
    this.#add({ k: 'u', ...this.#told, purpose: 'chat', outcome, status, ...more, attempts: this.#attempts })
  }

  #add(entry, { leg, attempt } = {}) {
    const place = { ...(leg && { l: legNumbers[leg] }), ...(attempt && { a: attempt }) }
    this.entries.push({ ...entry, x: this.#plan.id, t: this.#t, ...place })
  }

  #about() {
    const { messages: _, ...call } = this.#call
    return {
      ...{ exchangeId: this.#plan.id, createdS: 1_795_770_000, call, framing: 'sse' },
      source: { protocol: this.#plan.backend, model: this.#model },
    }
  }

  #paramOf({ loss, param }) {
    return param ?? this.#asked.paramNames[loss] ?? loss
  }
}

/** How the backend's answer ends and the client's, and what the exchange came to. */
const ends = {
  complete: ['eof', 'eof', 'complete', {}],
  left: ['abort_proxy', 'abort_client', 'incomplete', { incomplete_reason: 'client_disconnect' }],
  cut: ['abort_backend', 'abort_proxy', 'incomplete', { incomplete_reason: 'truncated' }],
}

/** A backend's stream, and what the client gets of it. */
class Passage {
  #encoder
  #decoder = null
  #toClient = null

  constructor(served, asked, about) {
    this.#encoder = served.streamEncoder(about)
    if (served === asked) return
    this.#decoder = served.streamDecoder('sse')
    this.#toClient = asked.streamEncoder(about)
  }

  push(events) {
    return this.#passed(Buffer.from(this.#encoder.push(events)))
  }

  end() {
    const [came, passed] = this.#passed(Buffer.from(this.#encoder.end()))
    if (!this.#decoder) return [came, passed]
    const rest = this.#toClient.push(this.#decoder.end()) + this.#toClient.end()
    return [came, Buffer.concat([passed, Buffer.from(rest)])]
  }

  #passed(came) {
    return [came, this.#decoder ? Buffer.from(this.#toClient.push(this.#decoder.push(came))) : came]
  }
}
