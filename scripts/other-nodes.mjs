// Other versions of Node.js, from the npm registry, which has each as a package for each kind of machine.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './set-up.mjs'

/** The versions in maintenance and in long-term support beside the oldest one that is supported (README). */
export const OTHER_NODES = [22, 24]

/**
 * The program of the newest release of a major version; installs it first (50 MB) where it is not there. Undefined, with
 * npm's message printed, where the registry has none for this machine or cannot be reached.
 */
export function nodeOf(major) {
  const folder = join(root, 'node_modules/.cache/cognomen-nodes', String(major))
  const system = process.platform === 'win32' ? 'win' : process.platform
  const name = `node-${system}-${process.arch}`
  const program = join(folder, 'node_modules', name, 'bin', system === 'win' ? 'node.exe' : 'node')
  if (existsSync(program)) return program
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{"private": true}')
  const args = ['install', `${name}@${major}`, '--no-audit', '--no-fund', '--loglevel=error']
  const { status } = spawnSync('npm', args, { cwd: folder, stdio: 'inherit', shell: system === 'win' })
  return status === 0 && existsSync(program) ? program : undefined
}
