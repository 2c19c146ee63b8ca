// Where the file of an import job is sent: PUT to its PreSignedUrl (docs/behaviour/user-import.md). For programs; the
// body is written as it arrives.
import type { HttpBindings } from '@hono/node-server'
import { Hono } from 'hono'
import { receiveUpload, type UploadAnswer } from '../cognito-idp/user-import/receive-upload.ts'
import { parseUploadRange } from '../cognito-idp/user-import/upload-rules.ts'
import { uploadUrlProblem } from '../cognito-idp/user-import/upload-url.ts'
import type { Context } from '../context.ts'

/** `PUT /<userPoolId>/imports/<jobId>`, with what CreateUserImportJob put into the query. Other headers are not looked at. */
export function importUploads(context: Context): Hono<{ Bindings: HttpBindings }> {
  const app = new Hono<{ Bindings: HttpBindings }>()
  app.put('/:poolId/imports/:jobId', async (call) => {
    const { incoming } = call.env
    const { poolId, jobId } = call.req.param()
    const { expires = '', signature = '' } = call.req.query()
    // What is not looked at of a refused body is read all the same, as the client would not see the answer before.
    const refuse = (status: 400 | 403, message: string): Response => {
      incoming.resume()
      return call.json({ message }, status)
    }
    const problem = uploadUrlProblem(context, { poolId, jobId, expires, signature })
    if (problem !== undefined || !(await context.userPools.pool(poolId)))
      return refuse(403, problem ?? 'The user pool does not exist.')
    const header = call.req.header('content-range')
    const range = header === undefined ? undefined : parseUploadRange(header)
    if (header !== undefined && !range)
      return refuse(400, 'Content-Range must be of the form bytes <first>-<last>/<size>, or bytes */<size>.')
    const length = call.req.header('content-length')
    const database = context.database.ofRequest()
    const upload = {
      range,
      length: length === undefined ? undefined : Number(length),
      body: incoming.iterator({ destroyOnReturn: false }),
    }
    const receiving = receiveUpload({ ...context, database, db: database.db }, poolId, jobId, upload)
    const answer = await receiving.catch((error) => {
      // The client went away: what has arrived is kept, and nobody reads an answer.
      if ((error as NodeJS.ErrnoException).code === 'ECONNRESET') return undefined
      throw error
    })
    if (!answer) return call.body(null, 400)
    await database.durable()
    incoming.resume()
    context.log.info({ pool: poolId, job: jobId, status: answer.status }, 'import upload')
    return call.json({ message: answer.message }, answer.status as 200, headersOf(answer))
  })
  return app
}

/** As resumable uploads are answered elsewhere: the bytes that have arrived, from the first one on. */
const headersOf = ({ received = 0 }: UploadAnswer): Record<string, string> =>
  received > 0 ? { range: `bytes=0-${received - 1}` } : {}
