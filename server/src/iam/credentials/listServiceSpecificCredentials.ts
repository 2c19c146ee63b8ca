import { operation } from '../operation.ts'
import { emptyPage } from '../pagination.ts'
import { emptyList } from './no-credentials.ts'

/** Always empty, for one user or with AllUsers for all. */
export const listServiceSpecificCredentials = operation(
  'ListServiceSpecificCredentials',
  async (context, { input, caller }) => ({
    ServiceSpecificCredentials: [],
    ...(input.AllUsers ? emptyPage : await emptyList(context, 'ListServiceSpecificCredentials', caller, input)),
  }),
)
