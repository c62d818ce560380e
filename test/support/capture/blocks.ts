/** A block of a stream under edit. */
export interface Block {
  name: string | null
  /** '' in a block of comments only. */
  data: string
  comment: string | null
  ms: number
}

/** The blocks of an event stream, each with its offset in bytes. Written for tests: plain, not quick. */
export function blocksOf(text: string): (Omit<Block, 'ms'> & { offset: number })[] {
  const found: (Omit<Block, 'ms'> & { offset: number })[] = []
  const pattern = /((?:[^\r\n]+(?:\r\n|\r|\n|$))+)/g
  let bytes = 0
  let at = 0
  for (const match of text.matchAll(pattern)) {
    bytes += Buffer.byteLength(text.slice(at, match.index))
    at = match.index
    const lines = match[0].split(/\r\n|\r|\n/).filter((line) => line !== '')
    const field = (name: string) =>
      lines
        .filter((line) => line.startsWith(`${name}:`))
        .map((line) => line.slice(name.length + 1).replace(/^ /, ''))
    const comments = lines.filter((line) => line.startsWith(':')).map((line) => line.slice(1).trim())
    found.push({
      name: field('event').at(-1) ?? null,
      data: field('data').join('\n'),
      comment: comments.length > 0 ? comments.join('\n') : null,
      offset: bytes,
    })
  }
  return found
}

export function blockText({ name, data, comment }: Omit<Block, 'ms'>): string {
  const lines = [
    ...(comment === null ? [] : comment.split('\n').map((line) => `: ${line}`)),
    ...(name === null ? [] : [`event: ${name}`]),
    ...(data === '' && comment !== null ? [] : data.split('\n').map((line) => `data: ${line}`)),
  ]
  return `${lines.join('\n')}\n\n`
}
