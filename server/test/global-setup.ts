// Runs once around a whole test run, in the runner's own process: hands out databases on one shared PostgreSQL, which is
// started only if a test asks for it. Workers ask over loopback HTTP, since they may be threads or processes.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { type Postgres, startPostgres } from '../../scripts/postgres.mjs'
import { databaseServiceVariable } from './postgres.ts'

export default async function setUp(): Promise<() => Promise<void>> {
  let cluster: Promise<Postgres> | undefined
  // A worker runs one file at a time: when it asks for another file, the databases of the earlier one are done with.
  const inUse = new Map<string, { file: string; urls: string[] }>()

  async function createDatabase({ worker, file }: { worker: string; file: string }): Promise<string> {
    cluster ??= startPostgres()
    const postgres = await cluster
    const earlier = inUse.get(worker)
    if (earlier?.file !== file) {
      inUse.set(worker, { file, urls: [] })
      for (const url of earlier?.urls ?? []) postgres.dropDatabase(url).catch(() => {})
    }
    const url = await postgres.createDatabase()
    inUse.get(worker)?.urls.push(url)
    return url
  }

  const service = createServer(async (request, response) => {
    try {
      response.end(await createDatabase(JSON.parse(await text(request))))
    } catch (error) {
      response.writeHead(500).end(error instanceof Error ? error.message : String(error))
    }
  })
  await new Promise<void>((done) => service.listen(0, '127.0.0.1', done))
  process.env[databaseServiceVariable] = `http://127.0.0.1:${(service.address() as AddressInfo).port}/`

  return async () => {
    service.closeAllConnections()
    service.close()
    const postgres = await cluster?.catch(() => undefined)
    await postgres?.stop()
  }
}
