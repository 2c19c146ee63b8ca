import { operation } from '../operation.ts'
import { emptyPage, positionOf } from '../pagination.ts'

/** There are none in the account. */
export const listVirtualMFADevices = operation('ListVirtualMFADevices', async (context, { input }) => {
  positionOf(context, { operation: 'ListVirtualMFADevices', request: [] }, input)
  return { VirtualMFADevices: [], ...emptyPage }
})
