// Takes the file of an import job as it arrives: parts of some hundred kilobytes are written while the next ones are on
// their way, so that nothing is held in memory whole, and what has arrived of a broken upload can be gone on from.
// docs/behaviour/user-import.md.
import type { Context } from '../../context.ts'
import { newUuid } from '../../effects/uuid.ts'
import { insertPart, removeParts } from './file-store.ts'
import { sealPart } from './import-file.ts'
import { changeImportJob, findImportJob, type ImportJob } from './import-store.ts'
import type { UploadRange } from './upload-rules.ts'

export interface Upload {
  /** Content-Range; undefined for a whole file. */
  readonly range: UploadRange | undefined
  /** Content-Length, where it came. */
  readonly length: number | undefined
  readonly body: AsyncIterable<Buffer>
}

/** `received`: bytes of the file that have arrived so far, where not all have. */
export interface UploadAnswer {
  readonly status: 200 | 308 | 400 | 404 | 409 | 413 | 416
  readonly message: string
  readonly received?: number
}

type Parts = Pick<Context, 'database' | 'db' | 'sealer' | 'random' | 'config'>

const PART_BYTES = 256 * 1024
const COMPLETE: UploadAnswer = { status: 200, message: 'The file has been uploaded.' }
const NOT_WAITING: UploadAnswer = {
  status: 409,
  message: 'The import job takes no file any more: it has been started, or has expired.',
}

const incomplete = (received: number): UploadAnswer => ({
  status: 308,
  message: `${received} bytes of the file have arrived.`,
  received,
})

/** Writes what arrives. Rejects when the client goes away, once what has arrived is written. */
export async function receiveUpload(
  context: Parts,
  poolId: string,
  jobId: string,
  upload: Upload,
): Promise<UploadAnswer> {
  const job = await findImportJob(context.db, poolId, jobId)
  if (!job) return { status: 404, message: 'There is no such import job.' }
  if (job.status !== 'Created') return NOT_WAITING
  const { range, length } = upload
  const max = context.config.importMaxBytes
  if ((range?.total ?? length ?? 0) > max) return tooLarge(max)
  if (range && range.first === undefined) return progressOf(job)
  const first = range?.first ?? 0
  if (first > 0 && range) {
    const problem = continuationProblem(job, first, range.total)
    if (problem) return problem
  }
  const begun = first > 0 ? job : await beginUpload(context, job, range?.total ?? length ?? 0)
  if (!begun) return NOT_WAITING
  const received = await writeBody(context, begun, begun.uploadBytes - first, upload)
  if (typeof received !== 'number') return received
  const whole = range?.total ?? length ?? received
  if (received < whole) return incomplete(received)
  const expected = { status: 'Created', upload_id: begun.uploadId, upload_bytes: received } as const
  if (!(await changeImportJob(context.db, job, expected, { file_id: begun.uploadId, upload_id: '' })))
    return overtaken(context, begun)
  // The one that this one replaces. No other parts: they may be those of an upload that has begun meanwhile.
  await removeParts(context.db, job, job.fileId)
  return COMPLETE
}

/** Why an upload cannot go on at byte `first` as one of a file of `total` bytes. */
function continuationProblem(job: ImportJob, first: number, total: number): UploadAnswer | undefined {
  const received = job.uploadId === '' ? 0 : job.uploadBytes
  if (first > received) return { status: 416, message: `The upload goes on at byte ${received}.`, received }
  const size = job.uploadSize === 0 ? Math.max(total, received) : job.uploadSize
  if (size === total) return undefined
  return { status: 400, message: `The upload is one of ${size} bytes. Begin another one for another file.`, received }
}

const tooLarge = (max: number): UploadAnswer => ({
  status: 413,
  message: `The file of an import job has at most ${max} bytes.`,
})

const REPLACED: UploadAnswer = { status: 409, message: 'Another upload for this import job has begun.' }

/** The answer to a request whose upload has changed since: by another request for the same one, or by another upload. */
async function overtaken(context: Parts, begun: ImportJob): Promise<UploadAnswer> {
  const job = await findImportJob(context.db, begun.userPoolId, begun.id)
  if (job?.status !== 'Created') return NOT_WAITING
  if (job.uploadId === begun.uploadId) return incomplete(job.uploadBytes)
  if (job.fileId === begun.uploadId) return COMPLETE
  await removeParts(context.db, begun, begun.uploadId)
  return REPLACED
}

const progressOf = (job: ImportJob): UploadAnswer =>
  job.uploadId === '' && job.fileId !== '' ? COMPLETE : incomplete(job.uploadBytes)

/** What there is of an upload that was not completed is removed. */
async function beginUpload(context: Parts, job: ImportJob, size: number): Promise<ImportJob | undefined> {
  const uploadId = newUuid(context.random)
  const begun = { upload_id: uploadId, upload_bytes: 0, upload_size: size }
  if (!(await changeImportJob(context.db, job, { status: 'Created', file_id: job.fileId }, begun))) return undefined
  if (job.uploadId !== '') await removeParts(context.db, job, job.uploadId)
  return { ...job, uploadId, uploadBytes: 0, uploadSize: size }
}

/** Appends the body without its first `skipped` bytes, which have arrived before. Resolves with the size so far. */
async function writeBody(
  context: Parts,
  job: ImportJob,
  skipped: number,
  { range, body }: Upload,
): Promise<number | UploadAnswer> {
  const max = range ? range.last + 1 : context.config.importMaxBytes
  let received = job.uploadBytes
  let toSkip = skipped
  let end = range?.first ?? 0
  let pieces: Buffer[] = []
  let size = 0
  const flush = async (): Promise<boolean> => {
    if (size === 0) return true
    const bytes = Buffer.concat(pieces)
    pieces = []
    size = 0
    const written = await appendPart(context, job, received, bytes)
    if (written) received += bytes.byteLength
    return written
  }
  try {
    for await (const chunk of body) {
      const piece = chunk.subarray(Math.min(toSkip, chunk.byteLength))
      toSkip -= chunk.byteLength - piece.byteLength
      pieces.push(piece)
      size += piece.byteLength
      end += chunk.byteLength
      if (end > max)
        return range ? { status: 400, message: 'The body is longer than its Content-Range.' } : tooLarge(max)
      if (size >= PART_BYTES && !(await flush())) return overtaken(context, job)
    }
  } catch (error) {
    await flush()
    throw error
  }
  return (await flush()) ? received : overtaken(context, job)
}

/** False when another upload has begun, or the job takes no file any more. */
function appendPart(context: Parts, job: ImportJob, position: number, bytes: Buffer): Promise<boolean> {
  const { uploadId } = job
  const part = sealPart(context, job, uploadId, position, bytes)
  return context.database.transaction(async (db) => {
    const expected = { status: 'Created', upload_id: uploadId, upload_bytes: position } as const
    if (!(await changeImportJob(db, job, expected, { upload_bytes: position + bytes.byteLength }))) return false
    await insertPart(db, job, uploadId, part)
    return true
  })
}
