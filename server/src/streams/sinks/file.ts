// A file of JSON lines, one for each record.
import type { FilePlace } from '../../config/places.ts'
import { appendLines } from '../../sinks/append-lines.ts'
import type { SinkParts, StreamRecord } from '../sink.ts'

export const putIntoFile = (_parts: SinkParts, { file }: FilePlace, { body }: StreamRecord): Promise<void> =>
  appendLines(file, [body])
