import * as z from 'zod'
import { count, protocol, text } from './words.ts'

export const capabilitiesQuery = z
  .strictObject({ backend: text.describe('Its name or type'), client: protocol })
  .partial()

export const liveQuery = z
  .strictObject({ limit: count.min(1).max(1_000).default(10).describe('Of each list') })
  .partial()
