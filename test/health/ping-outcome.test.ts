import { describe, expect, it } from 'vitest'
import { pingOutcome } from '../../src/health/ping-outcome.ts'

function outcome(code: number | string | null, stderr = '', stdout = '', host = 'api.example.com') {
  const error = code === 0 ? null : Object.assign(new Error('Command failed'), { code })
  return pingOutcome({ host, timeoutMs: 5_000, error, stdout, stderr })
}

// What iputils 20221126, BusyBox 1.35 and inetutils 2.4 really write; BSD and macOS as their sources have it.
describe('an answered ping has the latency that ping says', () => {
  it.each([
    ['iputils', '64 bytes from 127.0.0.1: icmp_seq=1 ttl=64 time=0.086 ms\n', 0.086],
    ['BusyBox', '64 bytes from 127.0.0.1: seq=0 ttl=64 time=2.965 ms\n', 2.965],
    ['whole milliseconds', '64 bytes from 1.1.1.1: icmp_seq=1 ttl=57 time=12 ms\n', 12],
    ['nothing known', 'PING 127.0.0.1: 56 data bytes\n', null],
  ])('%s', (_name, stdout, latencyMs) => {
    expect(outcome(0, '', stdout)).toEqual({ kind: 'success', latencyMs, status: null })
  })
})

describe('a ping that says nothing about its host is not a failure', () => {
  it.each([
    [
      2,
      'ping: socktype: SOCK_RAW\nping: socket: Operation not permitted\nping: => missing cap_net_raw+p capability or setuid?\n',
      'ping is not permitted here (=> missing cap_net_raw+p capability or setuid?)',
    ],
    [
      2,
      'ping: socket: Operation not permitted\n',
      'ping is not permitted here (socket: Operation not permitted)',
    ],
    [
      1,
      'ping: sendmsg: Operation not permitted\n',
      'ping is not permitted here (sendmsg: Operation not permitted)',
    ],
    [
      1,
      'ping: permission denied (are you root?)\n',
      'ping is not permitted here (permission denied (are you root?))',
    ],
    [
      1,
      'ping: Lacking privilege for icmp socket.\n',
      'ping is not permitted here (Lacking privilege for icmp socket.)',
    ],
    [
      2,
      "ping: invalid option -- 'W'\n\nUsage\n  ping [options] <destination>\n",
      "this system's ping does not take our options (ping [options] <destination>)",
    ],
    [
      1,
      'ping: unrecognized option: W\nBusyBox v1.35.0 multi-call binary.\n',
      "this system's ping does not take our options (BusyBox v1.35.0 multi-call binary.)",
    ],
  ])('exit %i: %s', (code, stderr, reason) => {
    expect(outcome(code, stderr)).toEqual({ kind: 'unavailable', reason })
  })

  it.each([
    ['ENOENT', 'there is no program named ping'],
    ['EACCES', 'ping may not be run (EACCES)'],
    ['EPERM', 'ping may not be run (EPERM)'],
    ['EAGAIN', 'ping could not be run (EAGAIN)'],
  ])('%s', (code, reason) => {
    expect(outcome(code)).toEqual({ kind: 'unavailable', reason })
  })

  it('when something else ended it', () => {
    const error = Object.assign(new Error('Command failed'), { code: null, signal: 'SIGTERM' as const })
    expect(pingOutcome({ host: 'a', timeoutMs: 1, error, stdout: '', stderr: '' })).toEqual({
      kind: 'unavailable',
      reason: 'ping was ended by SIGTERM',
    })
  })

  it('when it takes no addresses of this kind', () => {
    // inetutils.
    expect(outcome(1, 'ping: unknown host\n', '', '::1')).toEqual({
      kind: 'unavailable',
      reason: "this system's ping does not take the address ::1",
    })
  })
})

describe('a ping without an answer is a failure, in a few words', () => {
  it.each([
    ['iputils', 2, 'ping: api.example.com: Name or service not known\n'],
    ['BusyBox', 1, "ping: bad address 'api.example.com'\n"],
    ['inetutils', 1, 'ping: unknown host\n'],
    ['macOS', 68, 'ping: cannot resolve api.example.com: Unknown host\n'],
  ])('an unknown name: %s', (_name, code, stderr) => {
    expect(outcome(code, stderr)).toMatchObject({ error: 'the name api.example.com is unknown' })
  })

  it.each([
    [1, '', '1 packets transmitted, 0 received, 100% packet loss, time 0ms\n', 'no answer within 5 s'],
    [1, '', 'From 10.0.0.1 icmp_seq=1 Destination Host Unreachable\n', 'destination host unreachable'],
    [1, '', 'From 10.0.0.1 icmp_seq=1 Time to live exceeded\n', 'time to live exceeded'],
    [2, 'ping: connect: Network is unreachable\n', '', 'connect: Network is unreachable'],
    [
      2,
      'ping: api.example.com: Temporary failure in name resolution\n',
      '',
      'api.example.com: Temporary failure in name resolution',
    ],
  ])('exit %i %s%s', (code, stderr, stdout, error) => {
    expect(outcome(code, stderr, stdout)).toEqual({ kind: 'failure', error, status: null })
  })

  it('cannot forge a line in a log', () => {
    const result = outcome(2, `ping: \u001b[31mred${'x'.repeat(1000)}\n`)
    expect(result).toMatchObject({ error: expect.stringMatching(/^␛\[31mredx{1,195}…$/) })
  })
})
