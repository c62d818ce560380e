import { expect, it } from 'vitest'
import { RequestBody, requestBody } from '../../src/backends/request-body.ts'

it('sends small bodies as they are', () => {
  const bytes = Buffer.alloc(1000)
  expect(requestBody(bytes)).toBe(bytes)
})

it('can send a large body again until it is let go', () => {
  const bytes = Buffer.alloc(100_000, 'x')
  const body = requestBody(bytes)
  expect(body).toBeInstanceOf(RequestBody)
  expect([...(body as RequestBody)]).toEqual([bytes])
  expect([...(body as RequestBody)]).toEqual([bytes])
  ;(body as RequestBody).letGo()
  expect([...(body as RequestBody)]).toEqual([])
})
