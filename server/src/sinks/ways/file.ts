// A file of JSON lines.
import type { FilePlace } from '../../config/places.ts'
import { appendLines } from '../append-lines.ts'
import type { SinkWay } from '../batch.ts'
import { inLines } from './sizes.ts'

export const file: SinkWay<FilePlace> = {
  ...inLines,
  async put(_parts, place, { lines }) {
    await appendLines(
      place.file,
      lines.map(({ text }) => text),
    )
    return undefined
  },
}
