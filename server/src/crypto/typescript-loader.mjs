// Module hook (node:module `register`): loads .ts files with their types removed. For `worker-from-source.mjs` only.
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
// Vitest's compiler (through Vite), so it is installed wherever tests can run.
import { transformSync } from 'rolldown/utils'

export async function load(url, context, nextLoad) {
  if (!url.endsWith('.ts')) return nextLoad(url, context)
  const path = fileURLToPath(url)
  const { code, errors } = transformSync(path, await readFile(path, 'utf8'))
  if (errors.length > 0) throw errors[0]
  return { format: 'module', shortCircuit: true, source: code }
}
