import { Connection, nextBody } from './client.js'

/** Milliseconds of each of `count` whole answers, one after the other. */
export async function wholeAnswers(target, count) {
  const connection = await Connection.open(target, 'whole')
  const tookMs = []
  for (let i = 0; i < count; i++) {
    const startedMs = performance.now()
    await connection.ask(nextBody())
    tookMs.push(performance.now() - startedMs)
  }
  connection.close()
  return tookMs
}

/** Milliseconds to the first content of each of `count` streams, one after the other. */
export async function firstTokens(target, count) {
  const connection = await Connection.open(target, 'first')
  const tookMs = []
  for (let i = 0; i < count; i++) {
    const startedMs = performance.now()
    let firstMs
    await connection.ask(nextBody(true), (text) => {
      if (firstMs === undefined && text.includes('"content":"')) firstMs = performance.now() - startedMs
    })
    tookMs.push(firstMs)
  }
  connection.close()
  return tookMs
}

/** Whole answers per second that this many connections get, each asking again as soon as it has its answer. */
export async function throughput(target, { connections, forMs }) {
  const open = await Promise.all(Array.from({ length: connections }, () => Connection.open(target, 'whole')))
  const startedMs = performance.now()
  let answers = 0
  const askOn = async (connection) => {
    while (performance.now() - startedMs < forMs) {
      await connection.ask(nextBody())
      answers++
    }
  }
  await Promise.all(open.map(askOn))
  const perSecond = answers / ((performance.now() - startedMs) / 1000)
  for (const connection of open) connection.close()
  return { perSecond, answers }
}

const stamps = /"content":"\d+@(\d+) "/g

/** Microseconds from the sending of each frame to its arrival. */
export async function frameDelays(target, { streams, frames, everyMs }) {
  const delaysUs = []
  const read = async (index) => {
    const connection = await Connection.open(target, `paced ${frames} ${everyMs}`)
    // Spread over the time of one frame, so that they come one by one.
    await new Promise((resolve) => setTimeout(resolve, (index * everyMs) / streams))
    await connection.ask(nextBody(true), (text) => {
      const nowUs = Number(process.hrtime.bigint() / 1000n)
      for (const [, sentUs] of text.matchAll(stamps)) delaysUs.push(nowUs - Number(sentUs))
    })
    connection.close()
  }
  await Promise.all(Array.from({ length: streams }, (_, index) => read(index)))
  if (delaysUs.length < streams * frames * 0.99) throw new Error(`only ${delaysUs.length} frames were read`)
  return delaysUs
}

/** Opens streams that send a frame a second, calls `look` when all have begun, and lets them go. */
export async function whileOpen(target, streams, look) {
  const begun = Array.from({ length: streams }, async () => {
    const connection = await Connection.open(target, 'paced 600 1000')
    await new Promise((resolve, reject) => {
      const asking = connection.ask(nextBody(true), (text) => {
        if (text.includes('"content":"')) resolve()
      })
      asking.catch(reject)
    })
    return connection
  })
  const connections = await Promise.all(begun)
  const seen = look()
  for (const connection of connections) connection.close()
  return seen
}

/** What a proxy has counted since it started: texts and requests, those reckoned by their bytes, and for how long. */
export async function countingWork(url) {
  const text = await (await fetch(`${url}/metrics`)).text()
  const value = (name) => {
    const found = new RegExp(`^llmproxy_token_${name}_total (\\S+)`, 'm').exec(text)
    if (!found) throw new Error(`/metrics has no llmproxy_token_${name}_total`)
    return Number(found[1])
  }
  return { taken: value('counts'), refused: value('counts_refused'), busyS: value('counting_seconds') }
}

/** What a proxy's capture could not take since it started. */
export async function droppedEntries(url) {
  const { capture } = await (await fetch(`${url}/internal/health`)).json()
  return capture.dropped_records
}
