import { operation } from '../operation.ts'
import { emptyPage } from '../pagination.ts'

/** An account here has no alias. */
export const listAccountAliases = operation('ListAccountAliases', async () => ({ AccountAliases: [], ...emptyPage }))
