/** What an earlier line left open: the fence of a multi-line string, or brackets of an array. */
interface Opened {
  fence: string | undefined
  depth: number
}

/** Fences, whole one-line strings (whose brackets mean nothing), comments, brackets. */
const tokens = /"""|'''|"(?:[^"\\]|\\.)*"|'[^']*'|#.*|\[|\]/g

/** Which lines of a TOML text begin inside a value that an earlier line opened. */
export function openLines(lines: readonly string[]): boolean[] {
  let opened: Opened = { fence: undefined, depth: 0 }
  return lines.map((line) => {
    const isOpen = opened.fence !== undefined || opened.depth > 0
    const isHeader = !isOpen && /^\s*\[/.test(line)
    if (!isHeader) for (const [token] of line.matchAll(tokens)) opened = after(opened, token)
    return isOpen
  })
}

function after({ fence, depth }: Opened, token: string): Opened {
  if (fence !== undefined) return { fence: token.includes(fence) ? undefined : fence, depth }
  switch (token) {
    case '"""':
    case "'''":
      return { fence: token, depth }
    case '[':
      return { fence, depth: depth + 1 }
    case ']':
      return { fence, depth: depth - 1 }
    default:
      return { fence, depth }
  }
}
