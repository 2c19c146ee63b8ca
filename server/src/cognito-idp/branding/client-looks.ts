// What an administrator has set for the login pages of an app client: the style of managed login, or the CSS and logo of the
// classic pages. docs/reference/oauth-and-federation.md 16, 17; docs/behaviour/login-pages.md.
import type { Db } from '../../database/database.ts'
import { ALL_CLIENTS, type Customization, customizationOfClient } from '../ui-customization/customization-store.ts'
import { type Branding, findBrandingOfClient } from './branding-store.ts'

export interface ClientLooks {
  /** Of managed login; undefined without one, and for pages of the other kind. */
  readonly branding: Branding | undefined
  /** Of the classic pages. */
  readonly customization: Customization | undefined
}

/** Of which kind the pages are: those of a domain are of one; those of the path form show whichever there is. */
export type PageKind = 'classic' | 'managed' | 'either'

/** `clientId` may be of no client: its pages look as those of clients without anything of their own. */
export async function readLooks(
  db: Db,
  { poolId, clientId, kind }: { poolId: string; clientId: string; kind: PageKind },
): Promise<ClientLooks> {
  const branding = kind === 'classic' ? undefined : await findBrandingOfClient(db, poolId, clientId)
  const isClassic = kind === 'classic' || (kind === 'either' && !branding)
  const customization = isClassic ? await customizationOfClient(db, poolId, clientId || ALL_CLIENTS) : undefined
  return { branding, customization }
}
