import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { citationProblems } from './check-citations.mjs'

const roots = []

afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true })
})

const pages = {
  'docs/reference/user-pools.md':
    '# Pools\n## 3. Errors\n1. First\n2. Second\n### 3.3 Texts\n- 3.4 Lists\n## 12. Tokens\n### 12.5 Life\n',
  'docs/reference/threats.md': '# Threats\n## Sign-in\n| # | S |\n|---|---|\n| 8 | S |\n| 49 | D |\n',
  'docs/decisions/statement-rules.md': '# Statements\n1. Keys\n2. Types\n',
}

/** The problems of a tree that holds the pages above and one more file. */
function problems(path, text) {
  const root = mkdtempSync(join(tmpdir(), 'check-citations-'))
  roots.push(root)
  for (const [name, content] of Object.entries({ ...pages, [path]: text })) {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), content)
  }
  return citationProblems(root)
}

const file = 'server/src/tokens/issue.ts'

test.each([
  '// Ends (docs/reference/user-pools.md 12.5).',
  '// docs/reference/user-pools.md 3, 3.3, 3.4 and 12.5; docs/reference/threats.md 8, 49.',
  '/** The second check (docs/reference/user-pools.md 3.2). */',
  '// docs/decisions/statement-rules.md 2. docs/decisions/statement-rules.md says why.',
  '// RFC 9700 section 4.14.2, RFC 8725 3.11, a threat of 8 kinds; by reference of user pools 12',
  'const half = round(0.5) * (0.75 + 1)',
])('%j is right', (text) => {
  expect(problems(file, text)).toEqual([])
})

test.each([
  ['// docs/reference/user-pools.md 12.6', 'docs/reference/user-pools.md has no section 12.6'],
  ['// docs/reference/user-pools.md 12.5, 4', 'docs/reference/user-pools.md has no section 4'],
  ['// docs/reference/user-pools.md 12.5,\n// 4', 'docs/reference/user-pools.md has no section 4'],
  ['// Ends (docs/reference/user-pools.md\n// 12.5)', 'cites docs/reference/user-pools.md over the end of a line'],
  [
    '/**\n * docs/reference/user-pools.md 3,\n * 12.5\n */',
    'cites docs/reference/user-pools.md over the end of a line',
  ],
  ['// docs/reference/threats.md 9', 'docs/reference/threats.md has no section 9'],
  ['// docs/reference/pools.md 12.5', 'there is no docs/reference/pools.md'],
  ['// docs/behaviour/pools.md says so', 'there is no docs/behaviour/pools.md'],
  ['// docs/decisions/statement-rules.md 3', 'docs/decisions/statement-rules.md has no section 3'],
  ['// as docs/reference/user-pools.md has it', 'cites docs/reference/user-pools.md without a section'],
  ['// user-pools reference 12.5', '"user-pools reference" is cited as docs/reference/<page>.md <section>'],
  ['/** Reference identity-pools 4.1 */', '"Reference identity-pools" is cited as'],
  [' * (reference\n * identity-pools 4.1).', '"reference identity-pools" is cited as'],
  ['// Threats 8.', '"Threats 8" is cited as'],
  ['// threat\n// 49', '"threat 49" is cited as'],
  ['// (user-pools 9.2)', '"user-pools 9.2" is cited as'],
  ['// (design, section 3)', '"design, section" is cited as'],
  ['// Ends late (12.5).', '"(12.5)" does not say of which page'],
  ['// ../shared/reference has it', '"shared/reference" is cited as'],
])('%j is not', (text, problem) => {
  expect(problems(file, text)).toContainEqual(expect.stringContaining(problem))
})

test('a problem is told with its file and line', () => {
  expect(problems(file, 'const a = 1\n\n// Threats\n// 8\n')).toEqual([
    'server/src/tokens/issue.ts:3: "Threats 8" is cited as docs/reference/<page>.md <section>',
  ])
})

test('a page of the reference names its own sections by their numbers alone', () => {
  const page = '# Sync\n## 1. Calls\nAs in section 1 (2.1), see 3.\n## 2. Data\n### 2.1 Records\n'
  expect(problems('docs/reference/sync.md', page)).toEqual(['docs/reference/sync.md:3: this page has no section 3'])
})

test('pages may name a page without a section', () => {
  expect(problems('CONTRIBUTING.md', 'Texts are in docs/reference/user-pools.md.')).toEqual([])
})
