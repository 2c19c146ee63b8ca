// What belongs to an app client in other tables, and goes with it in one transaction.
import type { Db } from '../../database/database.ts'
import { deleteBrandingOfClient } from '../branding/branding-store.ts'
import { deleteImages } from '../branding/image-store.ts'
import { deleteTermsOfClient } from '../terms/terms-store.ts'
import { deleteCustomization } from '../ui-customization/customization-store.ts'
import { deleteClient } from './client-store.ts'
import { deleteRegisteredClient } from './registered-client-store.ts'

/** Deletes a client with its terms and looks; false when it was deleted already. Run it in a transaction. */
export async function removeClient(db: Db, userPoolId: string, clientId: string): Promise<boolean> {
  // First, as what adds something to a client holds its row (holdClient).
  if (!(await deleteClient(db, clientId))) return false
  await deleteRegisteredClient(db, clientId)
  await deleteTermsOfClient(db, userPoolId, clientId)
  const images = [
    ...(await deleteBrandingOfClient(db, userPoolId, clientId)),
    ...(await deleteCustomization(db, userPoolId, clientId)),
  ]
  await deleteImages(db, userPoolId, images)
  return true
}
