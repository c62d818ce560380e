import { setFlagsFromString } from 'node:v8'

/**
 * For a process that only reads captures: what lives grows slowly there and what dies is much, of which V8 would let as much
 * again lie about before it collects it. The young heap keeps the size that it has.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1')
  setFlagsFromString('--heap-growing-percent=15')
}
