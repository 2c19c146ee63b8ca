// The look of the pages of a request. A page without a style shows ours, not an error
// (docs/reference/oauth-and-federation.md 16, 17; docs/behaviour/login-pages.md).
import { readLooks } from '../../cognito-idp/branding/client-looks.ts'
import type { Customization } from '../../cognito-idp/ui-customization/customization-store.ts'
import type { Endpoint, Endpoints, PoolRequest } from '../../oauth/endpoint.ts'
import { type Look, standardLook } from './look.ts'
import { managedLook } from './managed-look.ts'

/** The same endpoints, for requests with the looks of their client. */
export const dressed = (endpoints: Endpoints): Endpoints =>
  Object.fromEntries(
    Object.entries(endpoints).map(([name, endpoint]): [string, Endpoint] => [
      name,
      {
        ...endpoint,
        answer: async (context, request) => {
          const looks = await readLooks(context.db, {
            poolId: request.pool.id,
            clientId: request.query.get('client_id') ?? '',
            kind: request.pages,
          })
          return endpoint.answer(context, { ...request, looks })
        },
      },
    ]),
  )

export function lookOf({ looks, path, pool }: PoolRequest): Look {
  const urlOf = (imageId: string): string => `${path || `/${pool.id}`}/images/${imageId}`
  if (looks?.branding) return managedLook(looks.branding, urlOf)
  return looks?.customization ? classicLook(looks.customization, urlOf) : standardLook
}

/** Light alone: CSS of the classic pages knows no dark ones. */
export function classicLook({ servedCss, imageId }: Customization, urlOf: (imageId: string) => string): Look {
  const url = imageId === undefined ? undefined : urlOf(imageId)
  return {
    ...standardLook,
    css: servedCss,
    scheme: 'light',
    banner: url !== undefined || servedCss.includes('.banner-customizable'),
    logo: url === undefined ? undefined : { picture: { light: url, dark: url }, inside: true, above: true },
  }
}
