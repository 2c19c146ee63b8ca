// Builds to measure, each in a folder of its own under the system's temporary folder, so that neither editing nor
// building the checkout while a bench runs changes what is measured: this checkout, or any commit.
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './machine.mjs'

const note = (text) => process.stderr.write(`${text}\n`)

/** Builds this checkout and copies what runs. */
export async function buildCheckout(folder) {
  const { setUp } = await import('../scripts/set-up.mjs')
  await setUp({ dev: true })
  const build = join(folder, 'build')
  for (const part of ['bin', 'dist', 'package.json']) {
    mkdirSync(join(build, 'server'), { recursive: true })
    cpSync(join(root, 'server', part), join(build, 'server', part), { recursive: true })
  }
  linkPackages(build)
  return build
}

/** Builds a commit from its own sources; this checkout is left as it is. */
export function buildCommit(folder, revision) {
  const commit = execFileSync('git', ['rev-parse', '--verify', `${revision}^{commit}`], { cwd: root, encoding: 'utf8' })
  const build = join(folder, `build-${commit.slice(0, 12)}`)
  note(`Building ${revision}…`)
  mkdirSync(build)
  const archive = execFileSync('git', ['archive', commit.trim()], { cwd: root, maxBuffer: 2 ** 30 })
  run('tar', ['-x', '-C', build], build, archive)
  const lockOf = (path) => readFileSync(join(path, 'package-lock.json'), 'utf8')
  // Other packages than ours: it gets its own.
  if (lockOf(build) === lockOf(root)) linkPackages(build)
  else run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], build)
  run(process.execPath, ['scripts/build.mjs'], build)
  return build
}

function linkPackages(build) {
  symlinkSync(join(root, 'node_modules'), join(build, 'node_modules'))
  const own = join(root, 'server/node_modules')
  if (existsSync(own)) symlinkSync(own, join(build, 'server/node_modules'))
}

function run(command, args, cwd, input) {
  const { status, error } = spawnSync(command, args, { cwd, input, stdio: ['pipe', 2, 2] })
  if (error || status !== 0) throw error ?? new Error(`${command} ${args.join(' ')} ended with ${status}.`)
}
