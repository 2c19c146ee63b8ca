// Standard output of this process: JSON lines, beside those of its own log.
import type { StdoutPlace } from '../../config/sink-places.ts'
import type { SinkWay } from '../batch.ts'
import { PutFailed } from '../put-failed.ts'
import { inLines } from './sizes.ts'

export const stdout: SinkWay<StdoutPlace> = {
  ...inLines,
  async put({ writeOut }, _place, { lines }) {
    try {
      await writeOut(lines.map(({ text }) => `${text}\n`).join(''))
      return undefined
    } catch (error) {
      throw new PutFailed(`stdout ${(error as NodeJS.ErrnoException).code ?? 'error'}`, 'later')
    }
  },
}
