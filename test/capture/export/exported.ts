import { exportCaptures } from '../../../src/capture/export/export-captures.ts'
import type { ExportSettings } from '../../../src/capture/export/exporter.ts'
import type { ExportFormat } from '../../../src/capture/export/index.ts'
import type { CaptureDraft } from '../../support/a-capture.ts'
import { captureFile } from '../../support/capture/capture-file.ts'
import { tempFolder } from '../../support/temp-folder.ts'

/** A capture in another format, by way of a file. */
export async function exported(
  capture: CaptureDraft,
  format: ExportFormat,
  settings: Partial<ExportSettings> & { only?: string } = {},
): Promise<string> {
  const path = captureFile(tempFolder(), 'a.cbor', capture)
  let text = ''
  for await (const piece of exportCaptures(path, { format, side: null, version: '1.2.3', ...settings }))
    text += piece
  return text
}
