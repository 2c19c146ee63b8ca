import { operation } from '../operation.ts'
import { emptyPage, positionOf } from '../pagination.ts'

/** Always empty. */
export const listVirtualMFADevices = operation('ListVirtualMFADevices', async (context, { input }) => {
  positionOf(context, { operation: 'ListVirtualMFADevices', request: [] }, input)
  return { VirtualMFADevices: [], ...emptyPage }
})
