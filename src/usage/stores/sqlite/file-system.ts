import { existsSync, statfsSync } from 'node:fs'
import { dirname } from 'node:path'

/** statfs(2): NFS, SMB, CIFS, SMB2, 9p, FUSE (sshfs). Their locks and shared memory cannot be trusted with WAL. */
const networkTypes = new Set([0x6969, 0x517b, 0xff534d42, 0xfe534d42, 0x01021997, 0x65735546])

export function isOnNetwork(path: string): boolean {
  const place = existsSync(path) ? path : dirname(path)
  try {
    return networkTypes.has(statfsSync(place).type >>> 0)
  } catch {
    return false
  }
}
