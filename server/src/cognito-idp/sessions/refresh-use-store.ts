// Every statement on the last uses of refresh tokens, which pools with an idle time-out keep.
import type { Db } from '../../database/database.ts'
import { rowStatement, statement } from '../../database/statement.ts'
import type { SignInKey } from '../tokens/revocation-store.ts'

const lastUse = rowStatement((db, originJti: string, sub: string, userPoolId: string) =>
  db
    .selectFrom('refresh_uses')
    .select('used_at')
    .where('user_sub', '=', sub)
    .where('user_pool_id', '=', userPoolId)
    .where('origin_jti', '=', originJti),
)

/** When a sign-in was last refreshed (epoch milliseconds); undefined when it never was. */
export async function findLastUse(db: Db, { sub, userPoolId, originJti }: SignInKey): Promise<number | undefined> {
  return (await lastUse(db, originJti, sub, userPoolId))?.used_at
}

// Without comparing: of two uses at once either is the last one.
const upsertUse = statement(
  (db, originJti: string, sub: string, userPoolId: string, usedAt: number, expiresAt: number) =>
    db
      .insertInto('refresh_uses')
      .values({
        user_sub: sub,
        user_pool_id: userPoolId,
        origin_jti: originJti,
        used_at: usedAt,
        expires_at: expiresAt,
      })
      .onConflict((conflict) =>
        conflict.columns(['user_sub', 'user_pool_id', 'origin_jti']).doUpdateSet({ used_at: usedAt }),
      ),
)

/** Notes a use. The row may go when the refresh token has expired. */
export async function noteUse(
  db: Db,
  { sub, userPoolId, originJti }: SignInKey,
  usedAt: number,
  expiresAt: number,
): Promise<void> {
  await upsertUse(db, originJti, sub, userPoolId, usedAt, expiresAt)
}
