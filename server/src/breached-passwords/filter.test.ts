import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readConfig } from '../config/config.ts'
import type { WebAnswer, WebClient, WebFailure, WebRequest } from '../effects/effects.ts'
import { openBreachedPasswords } from './breached-passwords.ts'
import { falsePositiveRate } from './filter-rules.ts'
import { makeFilter } from './make-filter.ts'

const folder = mkdtempSync(join(tmpdir(), 'filter-'))
afterAll(() => rmSync(folder, { recursive: true }))
const path = (name: string) => join(folder, name)
const sha1 = (text: string) => createHash('sha1').update(text).digest('hex').toUpperCase()

const noWeb: WebClient = {
  send: async () => {
    throw new Error('nothing may be sent')
  },
}
const open = (env: { BREACHED_PASSWORDS_FILE?: string; BREACHED_PASSWORDS_URL?: string }, web = noWeb) => {
  const warnings: object[] = []
  const log = { warn: (fields: object) => void warnings.push(fields) }
  return openBreachedPasswords(readConfig(env), web, log as never).then((passwords) => ({ ...passwords, warnings }))
}

describe('a filter of breached passwords', () => {
  it('has every password of its list, hashed or plain, whatever ends the lines', async () => {
    const words = ['päßwörter sind länger als vierzig Zeichen, oder nicht', 'short', sha1('a').slice(1)]
    writeFileSync(
      path('mixed'),
      `${sha1('hashed')}:7\r\n${sha1('uncounted').toLowerCase()}\n\n${words.join('\n')}\r\n${sha1('last')}:1`,
    )
    expect(await makeFilter(path('mixed'), path('mixed.filter'))).toMatchObject({ passwords: 6 })
    const passwords = await open({ BREACHED_PASSWORDS_FILE: path('mixed.filter') })
    for (const word of ['hashed', 'uncounted', 'last', ...words])
      expect([word, await passwords.has(word)]).toEqual([word, true])
    expect(await passwords.has('neither')).toBe(false)
    await passwords.close()
  })

  it('is wrong about other passwords as rarely as is said', async () => {
    const count = 50_000
    const words = Array.from({ length: count }, () => randomBytes(12).toString('base64'))
    writeFileSync(path('many'), words.join('\n'))
    const shares: number[] = []
    const made = await makeFilter(path('many'), path('many.filter'), (share) => shares.push(share))
    expect(made.bytes).toBe(readFileSync(path('many.filter')).length)
    expect(made.bytes / count).toBeCloseTo(3, 1)
    expect(shares.at(-1)).toBe(1)
    expect(made.falsePositiveRate).toBeLessThan(1 / 15_000)
    const passwords = await open({ BREACHED_PASSWORDS_FILE: path('many.filter') })
    for (const word of words.slice(0, 500)) expect(await passwords.has(word)).toBe(true)
    let wrong = 0
    const tries = 20_000
    for (let n = 0; n < tries; n++) if (await passwords.has(`other ${n} ${words[n]}`)) wrong++
    // One is expected; a filter that is ten times worse than it says would have thirteen.
    expect(wrong).toBeLessThan(10)
    await passwords.close()
  })

  it('says the same rate for a billion passwords as for a thousand', () => {
    expect(falsePositiveRate(1e9) / falsePositiveRate(1e6)).toBeCloseTo(1, 1)
  })

  it('is not begun for a list without passwords, and leaves nothing behind', async () => {
    writeFileSync(path('empty'), '\n\r\n')
    await expect(makeFilter(path('empty'), path('empty.filter'))).rejects.toThrow('has no passwords')
    await expect(makeFilter(path('missing'), path('empty.filter'))).rejects.toThrow('ENOENT')
    expect(existsSync(path('empty.filter'))).toBe(false)
    expect(readdirSync(folder).filter((name) => name.includes('unfinished'))).toEqual([])
  })

  it('a file that is none, or no whole one, is refused at the start by name', async () => {
    writeFileSync(path('one'), 'a\n')
    await makeFilter(path('one'), path('cut.filter'))
    truncateSync(path('cut.filter'), 100)
    for (const bad of ['one', 'cut.filter', 'missing'])
      await expect(open({ BREACHED_PASSWORDS_FILE: path(bad) })).rejects.toThrow(
        `BREACHED_PASSWORDS_FILE names ${path(bad)}`,
      )
  })

  it('a file that was cut while the server runs knows nothing, with one line of the log', async () => {
    writeFileSync(path('two'), 'password-of-two\n')
    await makeFilter(path('two'), path('two.filter'))
    const passwords = await open({ BREACHED_PASSWORDS_FILE: path('two.filter') })
    expect(await passwords.has('password-of-two')).toBe(true)
    truncateSync(path('two.filter'), 64)
    expect(await passwords.has('password-of-two')).toBe(false)
    expect(await passwords.has('password-of-two')).toBe(false)
    expect(passwords.warnings).toMatchObject([{ setting: 'BREACHED_PASSWORDS_FILE' }])
    await passwords.close()
  })
})

describe('the range API', () => {
  const asked: WebRequest[] = []
  let answer: WebAnswer | WebFailure
  const web: WebClient = {
    send: async (request) => {
      asked.push(request)
      return answer
    },
  }
  const text = (body: string, status = 200) => ({ status, contentType: 'text/plain', body: Buffer.from(body) })
  const rest = (word: string) => sha1(word).slice(5)

  it('gets five digits of the hash and nothing else; what is padding is not known', async () => {
    const passwords = await open({ BREACHED_PASSWORDS_URL: 'https://range.example.com/range/' }, web)
    answer = text(`${'0'.repeat(35)}:3\r\n${rest('word')}:12\r\n${rest('padded')}:0`)
    expect(await passwords.has('word')).toBe(true)
    expect(await passwords.has('padded')).toBe(false)
    expect(await passwords.has('other')).toBe(false)
    expect(asked.map(({ url }) => url)).toEqual(
      ['word', 'padded', 'other'].map((word) => `https://range.example.com/range/${sha1(word).slice(0, 5)}`),
    )
    for (const request of asked) expect(Object.keys(request).sort()).toEqual(['headers', 'maxAnswer', 'url'])
  })

  it('that fails knows no password, with one line of the log until it answers again', async () => {
    const passwords = await open({ BREACHED_PASSWORDS_URL: 'https://range.example.com' }, web)
    answer = { failed: 'timeout', detail: 'range.example.com did not answer in time' }
    expect(await passwords.has('word')).toBe(false)
    answer = text('busy', 503)
    expect(await passwords.has('word')).toBe(false)
    expect(passwords.warnings).toHaveLength(1)
    expect(JSON.stringify(passwords.warnings)).not.toContain('word')
    answer = text(`${rest('word')}:1`)
    expect(await passwords.has('word')).toBe(true)
    answer = { failed: 'timeout', detail: 'late' }
    expect(await passwords.has('word')).toBe(false)
    expect(passwords.warnings).toHaveLength(2)
  })

  it('is not asked for what the list of the commonest has', async () => {
    asked.length = 0
    const passwords = await open({ BREACHED_PASSWORDS_URL: 'https://range.example.com' }, web)
    expect(await passwords.has('Password123!')).toBe(true)
    expect(asked).toEqual([])
  })
})
