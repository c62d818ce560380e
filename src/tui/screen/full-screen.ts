import { constants } from 'node:os'

const enter = '\u001b[?1049h\u001b[?25l\u001b[H'
const leave = '\u001b[?25h\u001b[?1049l'
const stopSignals = ['SIGINT', 'SIGTERM'] as const

/** What runs on a screen, and how it is told to end. */
interface Running {
  ended: Promise<unknown>
  stop: () => void
}

/**
 * Runs something on a screen of its own, and gives the terminal back however it ends: by itself, by a signal, by a
 * thrown error, or with the whole process.
 */
export async function fullScreen(
  out: NodeJS.WriteStream,
  input: NodeJS.ReadStream,
  run: () => Running,
): Promise<void> {
  const giveBack = once(() => {
    setRaw(input, false)
    out.write(leave)
  })
  let stop: () => void = () => {}
  const onSignal = (signal: NodeJS.Signals) => {
    process.exitCode = 128 + constants.signals[signal]
    stop()
  }
  // Its terminal has gone: whatever is written there fails, and Node aborts where it cannot reset it at an orderly end.
  const onHangUp = () => {
    giveBack()
    process.off('SIGHUP', onHangUp)
    process.kill(process.pid, 'SIGHUP')
  }
  // An error that nobody catches, and process.exit(), end the process without reaching `finally`.
  process.once('exit', giveBack)
  for (const signal of stopSignals) process.on(signal, onSignal)
  process.on('SIGHUP', onHangUp)
  // From the first frame on, keys are the program's.
  setRaw(input, true)
  out.write(enter)
  try {
    const running = run()
    stop = running.stop
    await running.ended
  } finally {
    for (const signal of stopSignals) process.off(signal, onSignal)
    process.off('SIGHUP', onHangUp)
    process.off('exit', giveBack)
    giveBack()
  }
}

function setRaw(input: NodeJS.ReadStream, isRaw: boolean): void {
  if (!input.isTTY) return
  try {
    input.setRawMode(isRaw)
  } catch {
    // There is no terminal any more whose mode could matter.
  }
}

function once(run: () => void): () => void {
  let isDone = false
  return () => {
    if (isDone) return
    isDone = true
    run()
  }
}
