// What `npm run new-operation` makes passes the checks, and what it refuses leaves the tree as it was: tried in a copy.
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
/** Left out of the copy: what is not source, and what is large. */
const left = /^(node_modules|dist.*|data|\.git|results)$/
let copy

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'new-operation-'))
  cpSync(root, copy, { recursive: true, filter: (path) => !left.test(basename(relative(root, path))) })
  // npm puts packages of the server into its own folder where a package beside them wants another version.
  for (const folder of ['node_modules', 'server/node_modules'])
    if (existsSync(join(root, folder))) symlinkSync(join(root, folder), join(copy, folder), 'dir')
})
afterAll(() => rmSync(copy, { recursive: true, force: true }))

/** Exit code and all output of a program in the copy. */
function run(program, ...args) {
  const result = spawnSync(process.execPath, [join(copy, program), ...args], { cwd: copy, encoding: 'utf8' })
  return { status: result.status, output: `${result.stdout}${result.stderr}` }
}

const newOperation = (...words) => run('scripts/new-operation.mjs', ...words)
const sources = () => readdirSync(join(copy, 'server/src'), { recursive: true }).sort()
const textOf = (path) => readFileSync(join(copy, 'server/src', path), 'utf8')

test.each([
  ['no family', ['GetDevice'], /^Usage: npm run new-operation/],
  ['a name in small letters', ['getDevice', 'devices'], /^Usage: /],
  ['a path for a family', ['GetDevice', '../devices'], /^Usage: /],
  [
    'a name that is not in the contract',
    ['GetNothing', 'devices'],
    /^The contract of cognito-idp has no operation GetNothing/,
  ],
  ['a name of every object', ['ToString', 'devices'], /^The contract of cognito-idp has no operation ToString/],
  [
    'an unknown service',
    ['GetDevice', 'devices', 's3'],
    /^There is no service s3; there are cognito-identity, cognito-idp, /,
  ],
  ['an operation that is there', ['GetGroup', 'groups'], /getGroup\.ts exists already/],
  ['an operation that is there, in another family', ['GetGroup', 'devices'], /groups\/getGroup\.ts exists already/],
])('%s is refused before anything is written', (_what, words, message) => {
  const before = sources()
  const list = textOf('cognito-idp/operations.ts')
  const { status, output } = newOperation(...words)
  expect(output).toMatch(message)
  expect(status).toBe(1)
  expect(sources()).toEqual(before)
  expect(textOf('cognito-idp/operations.ts')).toBe(list)
})

test('an operation, and the first one of a service, leave a tree that passes the checks', { timeout: 180_000 }, () => {
  // Every operation is there: the copy lacks one of user pools, and has none of Cognito Sync.
  const others = join(copy, 'server/src/cognito-idp/operations.ts')
  const without = readFileSync(others, 'utf8').split('\n')
  writeFileSync(others, without.filter((line) => !/\blistUserPoolReplicas\b/.test(line)).join('\n'))
  for (const path of [
    'idp/replicas/listUserPoolReplicas',
    'sync/datasets/listDatasets',
    'sync/datasets/describeDataset',
  ])
    for (const end of ['ts', 'test.ts']) rmSync(join(copy, `server/src/cognito-${path}.${end}`))
  const list = join(copy, 'server/src/cognito-sync/operations.ts')
  const lines = readFileSync(list, 'utf8').split('\n')
  const comment = lines.slice(
    0,
    lines.findIndex((line) => !line.startsWith('//')),
  )
  const empty = 'export const cognitoSyncOperations: readonly AnyOperation[] = []'
  writeFileSync(list, [...comment, "import type { AnyOperation } from '../operation.ts'", '', empty, ''].join('\n'))

  for (const words of [
    ['ListUserPoolReplicas', 'replicas'],
    ['ListDatasets', 'datasets', 'cognito-sync'],
    ['DescribeDataset', 'datasets', 'cognito-sync'],
  ])
    expect(newOperation(...words)).toMatchObject({ status: 0, output: expect.stringContaining(`Made server/src/`) })
  expect(textOf('cognito-sync/operations.ts')).toContain('= [listDatasets, describeDataset]')
  expect(textOf('cognito-idp/operations.ts')).toMatch(/\n {2}listUserPoolReplicas,\n\]\n$/)

  const biome = 'node_modules/@biomejs/biome/bin/biome'
  // With its output, so that a failure says what is wrong.
  for (const [program, ...args] of [
    ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json'],
    [biome, 'ci', '--error-on-warnings', 'server/src/cognito-idp', 'server/src/cognito-sync'],
    ['scripts/check-imports.mjs'],
    ['scripts/check-operations.mjs'],
  ])
    expect({ program, ...run(program, ...args) }).toEqual({ program, status: 0, output: expect.any(String) })
})
