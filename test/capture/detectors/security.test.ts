import { describe, expect, test } from 'vitest'
import { clientKeyForwarded } from '../../../src/capture/detectors/security/client-key-forwarded.ts'
import { credentialInCapture } from '../../../src/capture/detectors/security/credential-in-capture.ts'
import { secretsIn } from '../../../src/capture/detectors/security/found-secret.ts'
import { paramDropped } from '../../../src/capture/detectors/security/param-dropped.ts'
import { requestMutated } from '../../../src/capture/detectors/security/request-mutated.ts'
import { responseMutated } from '../../../src/capture/detectors/security/response-mutated.ts'
import { secretInPayload } from '../../../src/capture/detectors/security/secret-in-payload.ts'
import { protocolNames } from '../../../src/core/protocol-name.ts'
import { createSecrets } from '../../../src/core/secrets/secrets.ts'
import { aCapture, edited, issuesOf } from '../../support/a-capture.ts'
import { translated } from '../../support/capture/translated.ts'

const mutations = [requestMutated, responseMutated, paramDropped]
/** In two pieces, so that nobody takes it for a real one. */
const awsKey = `AKIA${'Q7TZ3VN5WJ2LXK4R'}`

const asking = (content: string) => ({ request: { model: 'gpt-4o', messages: [{ role: 'user', content }] } })

describe('a secret in a prompt', () => {
  test('is named by its kind and a fingerprint, and its value is nowhere in the issue', () => {
    const issues = issuesOf(secretInPayload, aCapture(asking(`key ${awsKey}`)))
    expect(issues).toMatchObject([
      { severity: 'error', fault: 'client', evidence: { what: 'a key of AWS', remote: true, length: 20 } },
    ])
    expect(JSON.stringify(issues)).not.toContain(awsKey.slice(4, 10))
  })

  test('is a warning where it stays on this machine', () => {
    const local = edited(aCapture(asking(`key ${awsKey}`)), (x) => {
      x.ptb.url = 'http://localhost:11434/v1/chat/completions'
    })
    expect(issuesOf(secretInPayload, local)).toMatchObject([
      { severity: 'warn', evidence: { remote: false } },
    ])
  })

  test('is told once in a session that sends it again and again', () => {
    const twice = aCapture([asking(`key ${awsKey}`), asking(`key ${awsKey}, and more`)])
    expect(issuesOf(secretInPayload, twice).map(({ severity }) => severity)).toEqual(['error', 'note'])
  })

  test('is found by the mark that our own redaction left in its place', () => {
    const secrets = createSecrets(Buffer.alloc(32, 7))
    const providerKey = 'opaque-provider-key-value-0815'
    secrets.add(providerKey, 'provider-key')
    const body = secrets.redactText(
      `{"a":"${providerKey}","b":"OPENAI_API_KEY=sk-${'b7Qv2Zk9TtY4mXw1LpRs8NcD3fGh'}"}`,
    )
    expect(secretsIn(Buffer.from(body)).map(({ certainty }) => certainty)).toEqual(['known', 'guessed'])
  })

  test('is looked for in time that grows with the body only', () => {
    const hostile = [
      'sk-'.repeat(100_000),
      `://${'a:'.repeat(150_000)}`,
      'eyJ'.repeat(100_000),
      '-----BEGIN '.repeat(30_000),
    ]
    const startedMs = performance.now()
    for (const text of hostile) secretsIn(Buffer.from(text))
    expect(performance.now() - startedMs).toBeLessThan(2000)
  })
})

describe('a credential', () => {
  test('in a file of the original, which keeps them in clear, is found', () => {
    const v2 = edited(aCapture(), (x) => {
      x.version = 2
      x.unclosed()
      x.ptb.header('authorization', 'Bearer some-provider-key-0123456789')
    })
    const issues = issuesOf(credentialInCapture, v2)
    expect(issues).toMatchObject([
      { severity: 'error', leg: 'PTB', evidence: { place: 'authorization', version: 2 } },
    ])
    expect(JSON.stringify(issues)).not.toContain('some-provider-key')
  })

  test('of any length is known when our own redaction has overwritten it', () => {
    const secrets = createSecrets()
    for (let length = 1; length < 60; length++) {
      const value = 'Zk3vQ8wYt1LmN5xRb7CdF2gHjP9sAeUoIi4TZk3vQ8wYt1LmN5xRb7CdF2gHjP9s'.slice(0, length)
      const headers = secrets.redactHeaders([
        ['authorization', `Bearer ${value}`],
        ['x-api-key', value],
        ['cookie', value],
      ])
      const capture = edited(aCapture(), (x) => {
        for (const [name, redacted] of headers) x.request.header(name, redacted)
      })
      expect(issuesOf(credentialInCapture, capture), `${length}`).toEqual([])
    }
  })

  test('of the client goes to its own provider, and not to the next one on failover', () => {
    const login = 'credential-77aa*********************************'
    const own = edited(aCapture(), (x) =>
      x.bothRequests((leg) => leg.header('authorization', `Bearer ${login}`)),
    )
    expect(issuesOf(clientKeyForwarded, own)).toEqual([])
    const foreign = edited(own, (x) => {
      x.attempt.protocol = 'anthropic-messages'
    })
    expect(issuesOf(clientKeyForwarded, foreign)).toMatchObject([
      { severity: 'error', fault: 'proxy', evidence: { kind: 'credential', fingerprint: '77aa' } },
    ])
  })
})

describe('what the proxy may change', () => {
  test('is silent between every two protocols', () => {
    for (const from of protocolNames) {
      for (const to of protocolNames.filter((name) => name !== from)) {
        const capture = edited(aCapture({ protocol: from }), (x) => translated(x, to))
        expect(capture.exchanges[0]?.attempt.protocol, `${from} to ${to}`).toBe(to)
        expect(issuesOf(mutations, capture), `${from} to ${to}`).toEqual([])
      }
    }
  })

  test('is the white space of a result that is JSON', () => {
    const messages = [
      { role: 'user', content: 'Hi' },
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'c1', type: 'function', function: { name: 'look', arguments: '{}' } }],
      },
      { role: 'tool', tool_call_id: 'c1', content: '{\n  "files": ["a.txt"],\n  "more": false\n}' },
    ]
    const tools = [{ type: 'function', function: { name: 'look', parameters: { type: 'object' } } }]
    const capture = edited(aCapture({ request: { model: 'gpt-4o', messages, tools } }), (x) =>
      translated(x, 'gemini'),
    )
    expect(capture.exchanges[0]?.attempt.protocol).toBe('gemini')
    expect(issuesOf(mutations, capture)).toEqual([])
  })

  test('is a continued answer that only the proxy keeps', () => {
    const kept = edited(aCapture({ protocol: 'openai-responses' }), (x) => {
      x.request.editJson((json) => Object.assign(json, { input: 'On.', previous_response_id: 'resp_1' }))
      x.ptb.editJson((json) =>
        Object.assign(json, {
          input: [
            { role: 'user', content: 'Hi' },
            { role: 'user', content: 'On.' },
          ],
          previous_response_id: null,
        }),
      )
    })
    expect(issuesOf(mutations, kept)).toEqual([])
  })

  test('is not known of a file of the original', () => {
    const v2 = edited(aCapture({ stream: false }), (x) => {
      x.version = 2
      x.ptb.editJson((json) => Object.assign(json, { messages: [] }))
      x.answer.replaceText('Hello there.', 'Bye.')
    })
    expect(issuesOf(mutations, v2)).toEqual([])
  })
})

describe('what it may not change', () => {
  test('is named by its paths, the lost ones first', () => {
    const changed = edited(aCapture(), (x) => {
      x.ptb.editJson((json) => {
        json.messages[0].content = 'H'
        json.user = 'somebody'
      })
    })
    expect(issuesOf(requestMutated, changed)).toMatchObject([
      {
        ...{ severity: 'error', fault: 'proxy', leg: 'PTB', attempt: 1, count: 2 },
        evidence: { paths: ['messages[0].content changed', 'user added'] },
      },
    ])
  })

  test('in an answer is an error where text is lost, a warning where some was added', () => {
    const answered = (text: string) =>
      edited(aCapture({ stream: false }), (x) => x.answer.replaceText('Hello there.', text))
    expect(issuesOf(responseMutated, answered('Hello.'))).toMatchObject([
      { severity: 'error', fault: 'proxy', leg: 'PTC' },
    ])
    expect(issuesOf(responseMutated, answered('Hello there. (by us)'))).toMatchObject([{ severity: 'warn' }])
  })

  test('is not judged where the capture itself has lost a part', () => {
    const lossy = edited(aCapture(), (x) => {
      x.ptb.editJson((json) => Object.assign(json, { messages: [] }))
      x.ptb.missing = 12
    })
    expect(issuesOf(mutations, lossy)).toEqual([])
  })
})
