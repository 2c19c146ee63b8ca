// The uploaded file of an import job: sealed parts, as it may hold password hashes and is somebody's whole user directory.
import { setImmediate } from 'node:timers/promises'
import type { Context } from '../../context.ts'
import { findPart, type SealedPart } from './file-store.ts'
import type { ImportJob } from './import-store.ts'

const PURPOSE = 'user-import-part'

type Key = Pick<ImportJob, 'id' | 'userPoolId'>

const boundTo = ({ id, userPoolId }: Key, uploadId: string, position: number): string =>
  JSON.stringify([userPoolId, id, uploadId, position])

export const sealPart = (
  { sealer }: Pick<Context, 'sealer'>,
  job: Key,
  uploadId: string,
  position: number,
  bytes: Buffer,
): SealedPart => ({ position, sealed: sealer.seal(PURPOSE, bytes, boundTo(job, uploadId, position)) })

/** A part of a file does not open with the master key. */
export class UnreadableFile extends Error {}

/**
 * Reads the complete upload of a job: the bytes from a position to the end of their part, undefined at the end of the
 * file. Keeps the last part. Throws UnreadableFile. Lets others have their turn before each part.
 */
export function fileReader(
  context: Pick<Context, 'db' | 'sealer'>,
  job: Pick<ImportJob, 'id' | 'userPoolId' | 'fileId'>,
) {
  let held: { position: number; bytes: Buffer } | undefined
  return async (position: number): Promise<Buffer | undefined> => {
    if (!held || position < held.position || position >= held.position + held.bytes.byteLength) {
      await setImmediate()
      const part = await findPart(context.db, job, job.fileId, position)
      const bytes = part && context.sealer.open(PURPOSE, part.sealed, boundTo(job, job.fileId, part.position))
      if (part && !bytes)
        throw new UnreadableFile(`The file of the import job ${job.id} does not open with this master key.`)
      if (!part || !bytes || position >= part.position + bytes.byteLength) return undefined
      held = { position: part.position, bytes }
    }
    return held.bytes.subarray(position - held.position)
  }
}
