const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

export interface EndSources {
  process: Pick<NodeJS.Process, 'once' | 'off'>
  /** Whoever reads it may have seen enough: `| head`. */
  out: NodeJS.WritableStream
}

/** Resolves when this process is told to end, or nobody reads any more what it says; `forget` stops listening. */
export function untilEnded({ process, out }: EndSources): { ended: Promise<void>; forget: () => void } {
  let end = () => {}
  const ended = new Promise<void>((resolve) => {
    end = resolve
  })
  const onError = (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    end()
  }
  for (const signal of stopSignals) process.once(signal, end)
  out.on('error', onError)
  return {
    ended,
    forget() {
      for (const signal of stopSignals) process.off(signal, end)
      out.off('error', onError)
    },
  }
}
