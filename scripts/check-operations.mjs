// Checks that every implemented operation has a test beside it that calls it by its name.
//
//   node scripts/check-operations.mjs [ROOT]      prints each operation without one, exit 1 if there is any
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

/** Every operation below `root` whose test is missing or does not mention it, as lines of text. */
export function untestedOperations(root) {
  const lines = []
  for (const path of files(join(root, 'server/src'))) {
    if (!/^[a-z][a-z0-9]*[A-Z]\w*\.tsx?$/.test(basename(path))) continue
    const names = [...readFileSync(path, 'utf8').matchAll(/\boperation\(\s*'(\w+)'/g)].map(([, name]) => name)
    if (names.length === 0) continue
    const stem = basename(path).replace(/\.tsx?$/, '')
    const tests = readdirSync(dirname(path)).filter((name) => name.startsWith(`${stem}.`) && /\.test\.tsx?$/.test(name))
    const text = tests.map((name) => readFileSync(join(dirname(path), name), 'utf8')).join('\n')
    for (const name of names) {
      if (!new RegExp(`\\b${name}(Command)?\\b`).test(text)) {
        const problem = tests.length === 0 ? `has no ${stem}.test.ts beside it` : `has tests that never mention ${name}`
        lines.push(`${relative(root, path)}: ${problem}`)
      }
    }
  }
  return lines
}

function files(folder) {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, name))
    .filter((path) => /\.tsx?$/.test(path) && !/\.test\.tsx?$/.test(path))
    .sort()
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const lines = untestedOperations(resolve(process.argv[2] ?? dirname(dirname(fileURLToPath(import.meta.url)))))
  for (const line of lines) process.stdout.write(`${line}\n`)
  process.exitCode = lines.length === 0 ? 0 : 1
}
