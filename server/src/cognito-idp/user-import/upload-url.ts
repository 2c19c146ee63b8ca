// The PreSignedUrl of an import job: where its file is sent by PUT, signed for this job and until a time
// (docs/behaviour/user-import.md).
import type { Context } from '../../context.ts'
import { limits } from '../limits.ts'
import type { ImportJob } from './import-store.ts'

const PURPOSE = 'user-import-upload'

type Parts = Pick<Context, 'sealer' | 'publicUrl' | 'clock'>

const signedText = (userPoolId: string, jobId: string, expires: number): string =>
  JSON.stringify([userPoolId, jobId, expires])

/**
 * It follows from the job, so it need not be stored: until the first one has expired always that one, and then one that
 * is good from now on, with which a long upload goes on.
 */
export function uploadUrl({ sealer, publicUrl, clock }: Parts, { userPoolId, id, createdAt }: ImportJob): string {
  const first = createdAt + limits.importUpload.max
  const expires = clock.now() <= first ? first : clock.now() + limits.importUpload.max
  const signature = sealer.mac(PURPOSE, signedText(userPoolId, id, expires)).toString('base64url')
  return `${publicUrl}/${userPoolId}/imports/${id}?expires=${expires}&signature=${signature}`
}

/** What is wrong with the parameters of an upload's address; undefined when nothing is. */
export function uploadUrlProblem(
  { sealer, clock }: Pick<Context, 'sealer' | 'clock'>,
  { poolId, jobId, expires, signature }: { poolId: string; jobId: string; expires: string; signature: string },
): string | undefined {
  const text = signedText(poolId, jobId, Number(expires))
  if (!sealer.macMatches(PURPOSE, text, Buffer.from(signature, 'base64url')))
    return 'The address is not one that CreateUserImportJob gave for this job.'
  return clock.now() > Number(expires) ? 'The address has expired. DescribeUserImportJob gives another one.' : undefined
}
