// Every statement on the table of images of login pages. An image is never changed: another one has another id, so that
// browsers may keep what they have.
import type { Db } from '../../database/database.ts'
import { rowStatement } from '../../database/statement.ts'

/** An image as it is sent to a browser. */
export interface Image {
  readonly id: string
  readonly mediaType: string
  readonly bytes: Uint8Array
}

const imageById = rowStatement((db, id: string, userPoolId: string) =>
  db
    .selectFrom('images')
    .select(['media_type', 'content'])
    .where('image_id', '=', id)
    .where('user_pool_id', '=', userPoolId),
)

export async function findImage(db: Db, userPoolId: string, id: string): Promise<Image | undefined> {
  const row = await imageById(db, id, userPoolId)
  return row && { id, mediaType: row.media_type, bytes: Buffer.from(row.content, 'base64') }
}

/** The bytes of several images, by id. */
export async function findImages(db: Db, userPoolId: string, ids: readonly string[]): Promise<Map<string, Image>> {
  const images = await Promise.all([...new Set(ids)].map((id) => findImage(db, userPoolId, id)))
  return new Map(images.filter((image) => image !== undefined).map((image) => [image.id, image]))
}

export async function insertImages(db: Db, userPoolId: string, images: readonly Image[]): Promise<void> {
  for (const { id, mediaType, bytes } of images)
    await db
      .insertInto('images')
      .values({
        image_id: id,
        user_pool_id: userPoolId,
        media_type: mediaType,
        content: Buffer.from(bytes).toString('base64'),
      })
      .execute()
}

export async function deleteImages(db: Db, userPoolId: string, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await db.deleteFrom('images').where('image_id', 'in', ids).where('user_pool_id', '=', userPoolId).execute()
}
