/** One element of a streamed answer: an SSE block's data or an element of a JSON array. */
export interface StreamElement {
  /** The SSE `event:` name; empty without one. */
  name: string
  /** Null when it could not be kept: longer than `maxElementLength`, or no element at all. */
  text: string | null
}

/** Cuts the bytes of one stream into elements, in any chunking. */
export interface FramingReader {
  push(bytes: Uint8Array): readonly StreamElement[]
  /** What only the end of the bytes completes. */
  end(): readonly StreamElement[]
  readonly betweenBlocks: boolean
  /** Whether the framing itself is complete; a framing without an end of its own always is. */
  readonly closed: boolean
}

/** In characters. A longer element is dropped, so that no backend can fill the memory with one block. */
export const maxElementLength = 16 * 1024 * 1024

export const noElements: readonly StreamElement[] = []
