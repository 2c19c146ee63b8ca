// Changes the tags that a user pool has in the region of an ARN: those of the pool, or of its replica there.
import type { Context } from '../../context.ts'
import { ApiError } from '../../errors.ts'
import type { SignedCaller } from '../../operation.ts'
import { changeReplicas } from '../replicas/change-replicas.ts'
import { poolAt, tagsOf } from '../replicas/place-rules.ts'
import { replicaTagProblem } from '../replicas/replica-rules.ts'
import { replaceReplica } from '../replicas/replica-store.ts'
import { cognomenTagProblem } from './cognomen-tag-rules.ts'
import { tagProblem } from './tag-rules.ts'
import { taggedPool } from './tagged-pool.ts'

type Tags = Readonly<Record<string, string>>

/** Throws ResourceNotFoundException, or InvalidParameterException for tags that it may not have. */
export async function changeTags(
  context: Context,
  arn: string,
  caller: Pick<SignedCaller, 'region'>,
  change: (tags: Tags) => Record<string, string>,
): Promise<void> {
  const named = await taggedPool(context, arn, caller)
  await changeReplicas(context, named.id, (pool) => {
    const seen = poolAt(pool, named)
    if (!seen) throw new ApiError('ResourceNotFoundException', `Resource ${arn} does not exist.`)
    const tags = change(tagsOf(seen))
    const { replica } = seen
    const problem = replica ? replicaTagProblem(tags) : (tagProblem(tags) ?? cognomenTagProblem(tags))
    if (problem !== undefined) throw new ApiError('InvalidParameterException', problem)
    return replica
      ? { write: (db) => replaceReplica(db, pool.id, { ...replica, tags }), answer: undefined }
      : { write: async () => undefined, answer: undefined, settings: { ...pool.settings, UserPoolTags: tags } }
  })
}
