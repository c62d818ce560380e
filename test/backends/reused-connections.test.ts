import { expect, it, onTestFinished } from 'vitest'
import { startFakeProvider } from '../support/fake-provider.ts'
import { ended, heardSending, testPools } from './sending.ts'

it('a failure says whether its connection had carried a request before', async () => {
  const fake = await startFakeProvider()
  onTestFinished(() => fake.close())
  const pools = testPools()
  await ended(pools, fake.origin)
  fake.keepAlive.closeOnNextRequest = true
  const reused = heardSending(pools, fake.origin)
  await reused.until('failed')
  expect(reused.circumstances).toEqual({ sent: true, lostIdleConnection: true })
  const fresh = heardSending(pools, fake.origin, {}, true)
  await fresh.until('ended')
})

it('requests side by side each have their own connection’s answer', async () => {
  const fake = await startFakeProvider()
  onTestFinished(() => fake.close())
  const pools = testPools()
  await ended(pools, fake.origin)
  fake.answer((request) => (request.url === '/drop' ? [({ socket }) => void socket.destroy()] : []))
  const [onOld, onNew] = [
    heardSending(pools, fake.origin, { path: '/drop' }),
    heardSending(pools, fake.origin, { path: '/drop' }),
  ]
  await Promise.all([onOld.until('failed'), onNew.until('failed')])
  expect(onOld.circumstances?.lostIdleConnection).toBe(true)
  expect(onNew.circumstances?.lostIdleConnection).toBe(false)
})
