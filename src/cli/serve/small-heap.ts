import { setFlagsFromString } from 'node:v8'

/**
 * V8 lets a heap grow to some three times of what is in use before it collects the old part of it; here to half as much
 * again. For programs that run for long: what they hold is small against what passes through them.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--heap-growing-percent=50')
}
