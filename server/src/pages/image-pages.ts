// The images of login pages: logos and backgrounds that an administrator has uploaded.
import { Hono } from 'hono'
import { findImage } from '../cognito-idp/branding/image-store.ts'
import type { Context } from '../context.ts'
import { sendNotFound } from './page.tsx'

const YEAR_SECONDS = 365 * 24 * 60 * 60

/**
 * `GET /<userPoolId>/images/<id>`. An id never has other bytes, so a browser need not ask again. An image that is opened as a
 * page of its own (SVG) runs and loads nothing (docs/reference/oauth-and-federation.md 17.6).
 */
export function imagePages(context: Context): Hono {
  const app = new Hono()
  app.get('/:poolId/images/:id{[0-9a-f-]{36}}', async (call) => {
    const pool = await context.userPools.lastKnownPool(call.req.param('poolId'))
    const image = pool && (await findImage(context.db, pool.id, call.req.param('id')))
    if (!image) return sendNotFound(call)
    return call.body(image.bytes as Uint8Array<ArrayBuffer>, 200, {
      'content-type': image.mediaType,
      'cache-control': `public, max-age=${YEAR_SECONDS}, immutable`,
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
      'cross-origin-resource-policy': 'cross-origin',
      'x-content-type-options': 'nosniff',
    })
  })
  return app
}
