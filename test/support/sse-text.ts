/** One block of an event stream, as it stood there. */
export interface SseBlock {
  event: string | null
  data: string
  comments: string[]
}

/** A block of an event stream: `event:` where named, one `data:` line per line of data, and the blank line. */
export function sseBlock(data: unknown, event?: string): string {
  const text = typeof data === 'string' ? data : JSON.stringify(data)
  const lines = text.split('\n').map((line) => `data: ${line}\n`)
  return `${event === undefined ? '' : `event: ${event}\n`}${lines.join('')}\n`
}

/** Takes a whole event stream apart. A last block without its blank line is returned too. */
export function sseBlocks(text: string): SseBlock[] {
  return text
    .replace(/\r\n?/g, '\n')
    .split('\n\n')
    .filter((block) => block.trim() !== '')
    .map(readBlock)
}

/** The parsed data of every block that has JSON in it: `[DONE]` and comments are left out. */
export function sseJson(text: string): unknown[] {
  return sseBlocks(text)
    .filter((block) => block.data !== '' && block.data !== '[DONE]')
    .map((block) => JSON.parse(block.data))
}

function readBlock(block: string): SseBlock {
  const found: SseBlock = { event: null, data: '', comments: [] }
  const data: string[] = []
  for (const line of block.split('\n')) {
    const colon = line.indexOf(':')
    const value = line.slice(colon + 1).replace(/^ /, '')
    if (colon === 0) found.comments.push(value)
    else if (line.startsWith('event:')) found.event = value
    else if (line.startsWith('data:')) data.push(value)
  }
  found.data = data.join('\n')
  return found
}
