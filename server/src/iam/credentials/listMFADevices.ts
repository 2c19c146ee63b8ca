import { operation } from '../operation.ts'
import { emptyList } from './no-credentials.ts'

export const listMFADevices = operation('ListMFADevices', async (context, { input, caller }) => ({
  MFADevices: [],
  ...(await emptyList(context, 'ListMFADevices', caller, input)),
}))
