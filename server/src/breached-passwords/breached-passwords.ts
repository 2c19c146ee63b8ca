// Whether a password is known from a breach: by the short list that is always there, by the operator's filter
// (BREACHED_PASSWORDS_FILE), or by a range API (BREACHED_PASSWORDS_URL), which gets the first five digits of the password's
// SHA-1 and nothing else. A source that cannot be asked knows no password: a sign-in does not depend on it.
import { createHash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import type { Logger } from 'pino'
import type { Config } from '../config/config.ts'
import { ConfigError } from '../config/config-error.ts'
import type { WebClient } from '../effects/effects.ts'
import { isCommon } from './common-passwords.ts'
import { BLOCK_BYTES, blockOf, HEADER_BYTES, isIn, readHeader } from './filter-rules.ts'
import { limits } from './limits.ts'

export interface BreachedPasswords {
  /** Never rejects. Waits for the disk or for another server: not for use within a transaction. */
  has(password: string): Promise<boolean>
  close(): Promise<void>
}

type Source = (sha1: Buffer) => Promise<boolean>

/** Opens what the configuration names. Throws ConfigError when the file is no filter. */
export async function openBreachedPasswords(
  { breachedPasswordsFile: path, breachedPasswordsUrl: url }: Config,
  web: WebClient,
  log: Pick<Logger, 'warn'>,
): Promise<BreachedPasswords> {
  const filter = path === undefined ? undefined : await openFilter(path)
  const sources: Source[] = [
    ...(filter ? [noted('BREACHED_PASSWORDS_FILE', filter.has, log)] : []),
    ...(url === undefined ? [] : [noted('BREACHED_PASSWORDS_URL', rangeApi(url, web), log)]),
  ]
  return {
    async has(password) {
      if (isCommon(password)) return true
      const sha1 = createHash('sha1').update(password).digest()
      for (const source of sources) if (await source(sha1)) return true
      return false
    },
    close: async () => filter?.close(),
  }
}

async function openFilter(path: string): Promise<{ has: Source; close(): Promise<void> }> {
  const unusable = (why: string) => new ConfigError([`BREACHED_PASSWORDS_FILE names ${path}, ${why}`])
  let file: FileHandle
  try {
    file = await open(path)
  } catch (error) {
    throw unusable(`which cannot be read: ${(error as Error).message}`)
  }
  const header = Buffer.alloc(HEADER_BYTES)
  await file.read(header, 0, HEADER_BYTES, 0)
  const known = readHeader(header, (await file.stat()).size)
  if (!known) {
    await file.close()
    throw unusable('which is no filter; make one with: cognomen breached-passwords <list> <out>')
  }
  return {
    async has(sha1) {
      const block = Buffer.alloc(BLOCK_BYTES)
      const at = HEADER_BYTES + blockOf(sha1, known.blocks) * BLOCK_BYTES
      const { bytesRead } = await file.read(block, 0, BLOCK_BYTES, at)
      if (bytesRead !== BLOCK_BYTES) throw new Error('the file has become shorter')
      return isIn(block, sha1)
    },
    close: () => file.close(),
  }
}

/** `url` + `/` + the first five digits answers lines `<the other 35>:<count>`; a count of 0 is padding. */
function rangeApi(url: string, web: WebClient): Source {
  return async (sha1) => {
    const hex = sha1.toString('hex').toUpperCase()
    const answer = await web.send({
      url: `${url}/${hex.slice(0, 5)}`,
      // The length of the answer would tell which range was asked for.
      headers: { accept: 'text/plain', 'add-padding': 'true' },
      maxAnswer: limits.rangeAnswer.max,
    })
    if ('failed' in answer) throw new Error(answer.detail)
    if (answer.status !== 200) throw new Error(`the answer has status ${answer.status}`)
    const rest = hex.slice(5)
    return answer.body
      .toString('latin1')
      .split('\n')
      .some((line) => {
        const [suffix = '', count = '1'] = line.trim().split(':')
        return suffix.toUpperCase() === rest && Number(count) > 0
      })
  }
}

/** A source that knows no password while it fails, with one line of the log until it answers again. */
function noted(setting: string, source: Source, log: Pick<Logger, 'warn'>): Source {
  let failing = false
  return async (sha1) => {
    try {
      const found = await source(sha1)
      failing = false
      return found
    } catch (error) {
      if (!failing)
        log.warn(
          { setting, problem: (error as Error).message },
          'passwords cannot be compared with those of breaches and are taken meanwhile',
        )
      failing = true
      return false
    }
  }
}
