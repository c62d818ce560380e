import { LRUCache } from 'lru-cache'

/** After so many bytes of a file a blob is written again, so that damage to one stays local. */
const keyFrameBytes = 32 << 20
/** About 20 MB of memory. A blob that is forgotten is written once more. */
const maxRemembered = 200_000

/** Which blobs one file has, and where. */
export interface FileBlobs {
  /** Whether it has to be written at `offset` before it is referred to; it then counts as written. */
  needs(key: string, offset: number): boolean
  /** What was to be written did not reach the file. */
  forget(): void
}

export function createFileBlobs(): FileBlobs {
  const writtenAt = new LRUCache<string, number>({ max: maxRemembered })
  return {
    needs(key, offset) {
      const at = writtenAt.get(key)
      if (at !== undefined && offset - at < keyFrameBytes) return false
      writtenAt.set(key, offset)
      return true
    },
    forget: () => writtenAt.clear(),
  }
}
