import * as z from 'zod'
import { count, words } from './quantities.ts'

const rule = z.strictObject({
  from_pattern: words().describe('*, backend:model, or a part of the model name'),
  to_backend: words().describe('The backend that answers instead'),
  to_model: words().describe('The model that answers instead'),
})

export const replacement = z
  .strictObject({
    enabled: z.boolean().default(false).describe('Replaces models at random, for a few turns of a session'),
    probability: z.number().min(0).max(1).default(0).describe('Of beginning a window with a request'),
    turn_count: count(1, 1_000_000).default(1).describe('Requests in one window'),
    replacement_rules: z.array(rule).default([]).describe('What is replaced by what; the first match wins'),
    seed: z
      .number()
      .int()
      .min(0)
      .max(4_294_967_295)
      .nullable()
      .default(null)
      .describe('Makes the rolls reproducible; null: chance'),
    allow_first_turn: z.boolean().default(false).describe('Also the first request of a session'),
  })
  .prefault({})
  .describe('Random model replacement')
