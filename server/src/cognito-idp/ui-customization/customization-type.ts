// CSS and logo of the classic login pages in the API's form. Pure.
import type { Context } from '../../context.ts'
import type { UICustomizationType } from '../../contract/cognito-idp.types.ts'
import type { Customization } from './customization-store.ts'

/** Where an image of a pool's login pages is served (pages/image-pages.ts). */
export const imageUrl = (publicUrl: string, userPoolId: string, imageId: string): string =>
  `${publicUrl}/${userPoolId}/images/${imageId}`

export const customizationType = (
  { publicUrl }: Pick<Context, 'publicUrl'>,
  { userPoolId, clientId, imageId, css, cssVersion, createdAt, updatedAt }: Customization,
): UICustomizationType => ({
  UserPoolId: userPoolId,
  ClientId: clientId,
  ...(imageId !== undefined && { ImageUrl: imageUrl(publicUrl, userPoolId, imageId) }),
  CSS: css,
  CSSVersion: cssVersion,
  LastModifiedDate: new Date(updatedAt),
  CreationDate: new Date(createdAt),
})

/** Epoch milliseconds as YYYYMMDDhhmmss, UTC. */
export const cssVersionOf = (now: number): string => new Date(now).toISOString().replaceAll(/\D/g, '').slice(0, 14)
