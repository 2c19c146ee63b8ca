// Makes folders for what this server keeps.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/**
 * Makes a folder, and those above it that are missing, for its owner alone; false when it is there already. Throws the
 * system's error. Not `mkdirSync`
 * with `recursive`: that never returns where a folder exists in which nothing can be made, such as /proc (Node.js 20).
 */
export function makeFolder(path: string): boolean {
  try {
    mkdirSync(path, { mode: 0o700 })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') return false
    if (code !== 'ENOENT' || existsSync(dirname(path))) throw error
    makeFolder(dirname(path))
    mkdirSync(path, { mode: 0o700 })
  }
  return true
}

/** The same for a folder with secrets in it; one that is made here has a .gitignore, so that they are never committed. */
export function makeSecretFolder(path: string): void {
  if (makeFolder(path)) writeFileSync(join(path, '.gitignore'), '*\n')
}
