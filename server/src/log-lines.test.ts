import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { readableLine } from './log-lines.ts'

/** What a person reads of what `write` logs. */
function read(write: (log: pino.Logger) => void): string {
  const lines: string[] = []
  const destination = { write: (line: string) => void lines.push(readableLine(line)) }
  write(pino({ level: 'trace', base: null, timestamp: () => ',"time":1795986387168' }, destination))
  return lines.join('').replace(/^\d\d:\d\d:\d\d /gm, 'TIME ')
}

describe('a line of the log in a terminal', () => {
  it('has time, level, message and the fields', () => {
    const fields = { operation: 'SignUp', caller: 'arn:aws:iam::000000000000:root', ms: 1.5, list: ['a'], text: 'a b' }
    expect(read((log) => log.info(fields, 'request'))).toBe(
      'TIME info  request operation=SignUp caller=arn:aws:iam::000000000000:root ms=1.5 list=["a"] text="a b"\n',
    )
    expect(read((log) => log.warn('all is well'))).toBe('TIME warn  all is well\n')
  })

  it('has the stack of an error below', () => {
    const [first, second, third] = read((log) => log.error({ err: new RangeError('too far') }, 'failed')).split('\n')
    expect([first, second]).toEqual(['TIME error failed', '    RangeError: too far'])
    expect(third).toMatch(/^ {8}at .*log-lines\.test\.ts/)
  })

  it('steers no terminal, whatever a client sent', () => {
    const hostile = '\u001b[2J\u009b1m\u202eevil\r\nTIME info  forged'
    const text = read((log) => {
      log.info({ hostile, [hostile]: 1 }, hostile)
      log.error({ err: new Error(hostile) }, 'x')
    })
    for (const line of text.split('\n')) expect(line).not.toMatch(/[\p{Cc}\u202e]/u)
    expect(text).not.toMatch(/^TIME info {2}forged/m)
  })
})
