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

test('a row of a table of tests counts, wherever it is in the folder of the service', () => {
  write({
    'getGroup.ts': getGroup,
    '../tables.test.ts': "{ operation: 'GetGroup', send: (input) => client.send(new GetGroupCommand(input)) }",
  })
  expect(untestedOperations(root)).toEqual([])
})

test.each([
  ['a test of something else that sends the command', 'await client.send(new GetGroupCommand(input))'],
  [
    'a name without its command',
    "{ operation: 'GetGroup', send: (input) => client.send(new GetGroupsCommand(input)) }",
  ],
  [
    'a longer name',
    "{ operation: 'GetGroupPolicy', send: () => [new GetGroupPolicyCommand(), new GetGroupCommand()] }",
  ],
])('%s is no row', (_, text) => {
  write({ 'getGroup.ts': getGroup, 'other.test.ts': text })
  expect(untestedOperations(root)).toEqual([expect.stringContaining('no table of tests has a row for GetGroup')])
})

test('a row in the folder of another service does not count', () => {
  write({ 'getGroup.ts': getGroup })
  mkdirSync(join(root, 'server/src/iam'))
  const elsewhere = "{ operation: 'GetGroup', send: () => client.send(new GetGroupCommand({})) }"
  writeFileSync(join(root, 'server/src/iam/table.test.ts'), elsewhere)
  expect(untestedOperations(root)).toHaveLength(1)
})
