// What is wrong with the keys of a server that starts: weak ones, examples of the documentation, files that everybody may
// read. A production start is refused for it, others say it in the log.
import { modeOpenToAll, weakAccessKey, weakBytes } from './key-quality.ts'
import type { Secrets } from './secrets.ts'

/**
 * A sentence for each problem, with what to do. `files` are those that were read. Earlier master keys are not judged:
 * naming a weak one there is how a server gets rid of it.
 */
export function keyProblems(
  { administrator, masterKeys }: Pick<Secrets, 'administrator' | 'masterKeys'>,
  files: readonly (string | undefined)[],
): string[] {
  const problems: string[] = []
  const weakMasterKey = weakBytes(masterKeys.current)
  if (weakMasterKey !== undefined)
    problems.push(
      `The master key is ${weakMasterKey}. Make one with: openssl rand -base64 32; if there is data already, name the old one in COGNOMEN_PREVIOUS_MASTER_KEYS.`,
    )
  const weakness = weakAccessKey(administrator)
  if (weakness !== undefined)
    problems.push(
      `The administrator's key (COGNOMEN_ACCESS_KEY_ID, COGNOMEN_SECRET_ACCESS_KEY) is ${weakness}. Make a secret with: openssl rand -base64 30`,
    )
  for (const file of files) {
    const mode = file === undefined ? undefined : modeOpenToAll(file)
    if (mode !== undefined)
      problems.push(`Every user of this machine can read the key file ${file} (mode ${mode}): chmod o= ${file}`)
  }
  return problems
}
