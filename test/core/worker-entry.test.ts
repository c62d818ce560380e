import { describe, expect, it } from 'vitest'
import { workerEntry } from '../../src/core/worker-entry.ts'

const metaOf = (url: string): ImportMeta => ({ ...import.meta, url, resolve: () => 'file:///tsx.mjs' })

describe('workerEntry', () => {
  it('is the built file beside the built module', () => {
    expect(workerEntry(metaOf('file:///app/dist/tokens/token-counter.js'), 'count-worker')).toEqual({
      source: new URL('file:///app/dist/tokens/count-worker.js'),
      eval: false,
    })
  })

  it('loads the source behind the loader where the sources run', () => {
    expect(workerEntry(metaOf('file:///app/src/tokens/token-counter.ts'), 'count-worker')).toEqual({
      source:
        'import("file:///tsx.mjs").then(({ register }) => (register(), import("file:///app/src/tokens/count-worker.ts")))',
      eval: true,
    })
  })
})
