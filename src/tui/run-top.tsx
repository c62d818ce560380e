import { render } from 'ink'
import { App } from './app.tsx'
import { FrameOutput } from './screen/frame-output.ts'
import { fullScreen } from './screen/full-screen.ts'
import type { SnapshotSource } from './source.ts'
import type { Beginning, Size } from './state.ts'

export interface TopSettings {
  source: SnapshotSource
  beginning: Beginning
  out: NodeJS.WriteStream
  input: NodeJS.ReadStream
}

/** The dashboard on a terminal, until someone quits. */
export async function runTop({ source, beginning, out, input }: TopSettings): Promise<void> {
  const frames = new FrameOutput(
    (text) => void out.write(text),
    () => sizeOf(out),
  )
  await fullScreen(out, input, () => {
    const onResize = (changed: (size: Size) => void) => {
      const resized = () => {
        frames.forget()
        changed(sizeOf(out))
      }
      out.on('resize', resized)
      return () => void out.off('resize', resized)
    }
    const write = (sequence: string) => void out.write(sequence)
    const app = render(<App {...{ beginning, source, onResize, write }} nowMs={Date.now} />, {
      // What Ink uses of a stream is there.
      stdout: frames as unknown as NodeJS.WriteStream,
      stdin: input,
      // For whom frames are read out there is --once.
      isScreenReaderEnabled: false,
      // Whole frames, which `frames` compares: Ink 6.8's own comparing draws them a line too low (docs/decisions/0020-top.md).
      debug: true,
      exitOnCtrlC: false,
      patchConsole: false,
    })
    return { ended: app.waitUntilExit(), stop: () => app.unmount() }
  })
}

export function sizeOf(out: { columns?: number; rows?: number }): Size {
  return { columns: out.columns || 80, rows: out.rows || 24 }
}
