import type { AudioPart, DocumentPart, ImagePart, MediaPart } from '../core/call.ts'

/**
 * What providers document for media, at the size that is usual, for nothing is decoded to find the real one.
 * An image of 1024 × 1024: OpenAI counts 765 (85 and 170 for each tile of 512), Gemini 1032 (258 for each tile of
 * 768), Anthropic 1398 (pixels / 750). The one in the middle.
 */
const imageTokens = 1032
/** OpenAI, `detail: "low"`, whatever the size. */
const lowDetailTokens = 85
/** Anthropic: 1500 to 3000 for a page of PDF. How many pages there are is not known. */
const documentTokens = 1500
/** Gemini. */
const audioTokensPerSecond = 32
/** MP3 at 128 kbit/s; PCM of 24 kHz and 16 bits, as OpenAI's audio models take and give it. */
const compressedBytesPerSecond = 16_000
const pcmBytesPerSecond = 48_000

/** Estimated tokens of a medium; 0 where nothing can be said, as of sound that is elsewhere. */
export function mediaTokens(part: ImagePart | DocumentPart | AudioPart | MediaPart): number {
  if (part.type === 'image') return part.detail === 'low' ? lowDetailTokens : imageTokens
  if (part.type === 'document') return documentTokens
  if (part.type === 'audio') {
    return part.source.kind === 'base64' ? soundTokens(part.source.mediaType, part.source.data) : 0
  }
  return part.mediaType.startsWith('image/') ? imageTokens : soundTokens(part.mediaType, part.data)
}

function soundTokens(mediaType: string, base64: string): number {
  if (!mediaType.startsWith('audio/')) return 0
  const bytesPerSecond = /wav|pcm|l16/i.test(mediaType) ? pcmBytesPerSecond : compressedBytesPerSecond
  return Math.ceil((base64.length * 0.75 * audioTokensPerSecond) / bytesPerSecond)
}
