import { operation } from '../operation.ts'
import { emptyPage } from '../pagination.ts'
import { emptyList } from './no-credentials.ts'

/** Of one user, or with AllUsers of everybody. */
export const listServiceSpecificCredentials = operation(
  'ListServiceSpecificCredentials',
  async (context, { input, caller }) => ({
    ServiceSpecificCredentials: [],
    ...(input.AllUsers ? emptyPage : await emptyList(context, 'ListServiceSpecificCredentials', caller, input)),
  }),
)
