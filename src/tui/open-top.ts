import type { ApiClient } from '../cli/api-client.ts'
import { demoPicture, demoSource } from './demo/demo-source.ts'
import { plainPicture } from './print-once.ts'
import { askSnapshot, proxySource, readable, type SnapshotSource } from './source.ts'
import { type Beginning, type ConnectLine, initialState, type Size } from './state.ts'

export interface TopOptions {
  /** null: the recorded minute. */
  client: ApiClient | null
  intervalMs: number
  connectLines: readonly ConnectLine[]
}

export interface Top {
  /** The first snapshot, as the proxy told it. */
  answer: unknown
  /** Draws on a terminal until someone quits. */
  draw(out: NodeJS.WriteStream, input: NodeJS.ReadStream): Promise<void>
  /** One picture. */
  plain(out: Partial<NodeJS.WriteStream>, env: NodeJS.ProcessEnv): string
}

/** In a pipe there is no size: what most terminals that are looked at in earnest have. */
const plainSize: Size = { columns: 120, rows: 41 }

/** Asks once, so that a proxy that is not there is told of on the screen as it was. Rejects with a `Failure`. */
export async function openTop({ client, intervalMs, connectLines }: TopOptions): Promise<Top> {
  const answer = client === null ? demoPicture(Date.now()) : await askSnapshot(client)
  const source = client === null ? demoSource(Date.now) : proxySource(client)
  const snapshot = client === null ? await source.next(AbortSignal.abort()) : readable(answer, client.url)
  const begun = (size: Size): Beginning => {
    const { label, isDemo } = source
    return { label, isDemo, size, nowMs: Date.now(), intervalMs, snapshot, connectLines }
  }
  return {
    answer,
    draw: (out, input) => draw(source, begun, out, input),
    plain: (out, env) => {
      const telling = client === null ? demoPicture(Date.now()) : snapshot
      return plainPicture(initialState({ ...begun(sizeFor(out, env)), snapshot: telling }))
    },
  }
}

async function draw(
  source: SnapshotSource,
  begun: (size: Size) => Beginning,
  out: NodeJS.WriteStream,
  input: NodeJS.ReadStream,
): Promise<void> {
  const { runTop, sizeOf } = await import('./run-top.tsx')
  await runTop({ source, beginning: begun(sizeOf(out)), out, input })
}

/** COLUMNS and LINES are what people set where there is no terminal to ask. */
function sizeFor(out: { columns?: number; rows?: number }, env: NodeJS.ProcessEnv): Size {
  return {
    columns: out.columns ?? (Number(env.COLUMNS) || plainSize.columns),
    rows: out.rows ?? (Number(env.LINES) || plainSize.rows),
  }
}
