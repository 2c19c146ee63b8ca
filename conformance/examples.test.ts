// The programs of examples/ run as their README says, on the variables that the server prints at its start.
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type StartedServer, startServer } from './start-server.ts'

const folder = fileURLToPath(new URL('../examples/', import.meta.url))

let server: StartedServer
let printed: Record<string, string>

beforeAll(async () => {
  server = await startServer()
  const line = /^ +export (AWS_ENDPOINT_URL=.*)$/m.exec(server.output())?.[1] as string
  printed = Object.fromEntries(line.split(' ').map((pair) => pair.split('=') as [string, string]))
})
afterAll(() => server?.stop())

async function run(program: string): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [join(folder, program)], {
    env: { PATH: process.env['PATH'], ...printed },
  })
  return stdout
}

test('aws-sdk.mjs', async () => {
  expect(await run('aws-sdk.mjs')).toMatch(
    /^Made the user pool us-east-1_\w+ with the app client \w+\.\nSigned in as ada: \{.*email: 'ada@example\.com'/s,
  )
})

test('amplify.mjs', async () => {
  const said = await run('amplify.mjs')
  expect(said).toMatch(/Signed in: \{.*username: 'ada'/s)
  expect(said).toMatch(/email: 'ada@example\.com'/)
  expect(said).toMatch(/Signed out\.\n$/)
})
