import { operation } from '../operation.ts'
import { csvHeader } from './header-rules.ts'

/** GetCSVHeader: the columns of a file for the pool (docs/reference/user-pools.md 16). */
export const getCSVHeader = operation('GetCSVHeader', async (_context, { pool }) => ({
  UserPoolId: pool.id,
  CSVHeader: csvHeader(pool.settings),
}))
