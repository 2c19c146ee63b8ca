// `npm run check`: everything that can be said about the code without running it. All checks run; any failure fails.
import './node-version.mjs'

const { spawnSync } = await import('node:child_process')
const { existsSync, readFileSync } = await import('node:fs')
const { join } = await import('node:path')
const { root, setUp } = await import('./set-up.mjs')

await setUp({ dev: true, build: false })

const biome = 'node_modules/@biomejs/biome/bin/biome'

/** Name, and the Node.js program with its arguments; a step whose program does not exist is left out. */
const steps = [
  ['types', 'node_modules/typescript/bin/tsc', '-p', 'tsconfig.json'],
  ['format (npm run format mends it)', biome, 'format', '--colors=off', '--reporter=summary'],
  ['lint', biome, 'ci', '--formatter-enabled=false', '--error-on-warnings', '--colors=off', '--max-diagnostics=100'],
  ['imports', 'scripts/check-imports.mjs'],
  ['citations', 'scripts/check-citations.mjs'],
  ['operations have tests', 'scripts/check-operations.mjs'],
  ['contract is generated', 'contract/generate.mjs', '--check'],
  ['docs are generated', 'scripts/docs.mjs', '--check'],
  ['size of the sync client', 'scripts/sync-client-size.mjs'],
]

let failures = 0

function report(name, ok, startedAt, output) {
  if (!ok) failures++
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  process.stdout.write(`${ok ? 'ok    ' : 'FAILED'}  ${name} (${seconds} s)\n`)
  if (!ok) process.stdout.write(`${output.trimEnd()}\n`)
}

for (const [name, program, ...args] of steps) {
  if (!existsSync(join(root, program))) continue
  const startedAt = performance.now()
  const result = spawnSync(process.execPath, [join(root, program), ...args], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 2 ** 20,
  })
  report(name, result.status === 0, startedAt, `${result.stdout}${result.stderr}`)
}

const startedAt = performance.now()
const addresses = readFileSync(join(root, 'package-lock.json'), 'utf8').match(/"resolved": "https?:.*/g) ?? []
report('lock file names no registry', addresses.length === 0, startedAt, addresses.slice(0, 5).join('\n'))

process.exitCode = failures === 0 ? 0 : 1
