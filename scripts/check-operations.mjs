// Checks that every implemented operation has a test: one beside it that calls it by its name, or a table of tests that
// runs over it. Operations that differ in names only, such as PutUserPolicy and PutRolePolicy, share the tests of a table;
// a row of it names the operation in quotes and sends its command, both in one test file of the service's folder:
//
//   { operation: 'PutUserPolicy', send: (iam, UserName, rest) => iam.send(new PutUserPolicyCommand({ UserName, ...rest })) }
//
//   node scripts/check-operations.mjs [ROOT]      prints each operation without one, exit 1 if there is any
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const isTest = (path) => /\.test\.tsx?$/.test(path)

/** Every operation below `root` that has no test, as lines of text. */
export function untestedOperations(root) {
  const source = join(root, 'server/src')
  return readdirSync(source).flatMap((service) => {
    const paths = files(join(source, service))
    const tests = new Map(paths.filter(isTest).map((path) => [path, readFileSync(path, 'utf8')]))
    return paths
      .filter((path) => !isTest(path) && /^[a-z][a-z0-9]*[A-Z]\w*\.tsx?$/.test(basename(path)))
      .flatMap((path) => untested(path, tests).map((problem) => `${relative(root, path)}: ${problem}`))
  })
}

/** What is wrong with the tests of the operations in the file `path`; `tests` are all of its service, texts by path. */
function untested(path, tests) {
  const stem = path.replace(/\.tsx?$/, '')
  const beside = [...tests].filter(([test]) => test.startsWith(`${stem}.`) && dirname(test) === dirname(path))
  const text = beside.map(([, content]) => content).join('\n')
  return [...readFileSync(path, 'utf8').matchAll(/\boperation\(\s*'(\w+)'/g)]
    .map(([, name]) => name)
    .filter((name) => !new RegExp(`\\b${name}(Command)?\\b`).test(text))
    .filter((name) => ![...tests.values()].some((content) => isRow(content, name)))
    .map((name) =>
      beside.length === 0
        ? `has no ${basename(stem)}.test.ts beside it, and no table of tests has a row for ${name}`
        : `has tests that never mention ${name}`,
    )
}

const isRow = (content, name) =>
  new RegExp(`\\boperation: '${name}'`).test(content) && content.includes(`new ${name}Command(`)

function files(folder) {
  if (!statSync(folder).isDirectory()) return []
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, name))
    .filter((path) => /\.tsx?$/.test(path))
    .sort()
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const lines = untestedOperations(resolve(process.argv[2] ?? dirname(dirname(fileURLToPath(import.meta.url)))))
  for (const line of lines) process.stdout.write(`${line}\n`)
  process.exitCode = lines.length === 0 ? 0 : 1
}
