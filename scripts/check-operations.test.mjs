import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { untestedOperations } from './check-operations.mjs'

const root = mkdtempSync(join(tmpdir(), 'check-operations-'))
const folder = join(root, 'server/src/cognito-idp/groups')

function write(files) {
  mkdirSync(folder, { recursive: true })
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
}

afterEach(() => rmSync(root, { recursive: true, force: true }))

const getGroup = "export const getGroup = operation('GetGroup', async () => ({}))"

test('an operation without a test is named', () => {
  write({ 'getGroup.ts': getGroup })
  expect(untestedOperations(root)).toEqual([expect.stringContaining('getGroup.ts: has no getGroup.test.ts')])
})

test('a test that never mentions the operation does not count', () => {
  write({ 'getGroup.ts': getGroup, 'getGroup.test.ts': 'new GetGroupsCommand()' })
  expect(untestedOperations(root)).toEqual([expect.stringContaining('never mention GetGroup')])
})

test('a test that sends the command, and files that are no operations, are fine', () => {
  write({
    'getGroup.ts': getGroup,
    'getGroup.test.ts': 'await client.send(new GetGroupCommand(input))',
    'group-rules.ts': "// operation('Nothing')",
    'groupOrder.ts': 'export const order = 1',
  })
  expect(untestedOperations(root)).toEqual([])
})
