import { operation } from '../operation.ts'
import { emptyPage } from '../pagination.ts'

/** Always empty: accounts have no aliases here. */
export const listAccountAliases = operation('ListAccountAliases', async () => ({ AccountAliases: [], ...emptyPage }))
