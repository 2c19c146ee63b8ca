// Answers as texts to compare: what differs from call to call, whoever it is about, is masked.
import { expect } from 'vitest'
import type { RawAnswer } from '../harness.ts'

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/g
const PER_CALL = new Set(['date', 'x-amzn-requestid', 'content-length', 'x-amzn-errortype', 'x-amzn-errormessage'])

export interface ComparableAnswer {
  /** Names and values of the headers. */
  headers: string
  /** The status, and the body or what the error says. */
  text: string
}

/**
 * Masked are `name`, ids, the letters of a masked destination, what differs from passkey to passkey, and random texts, of
 * which the length stays: but for SRP_B, a number whose leading zeros are not written. Headers that repeat the body are
 * checked here.
 */
export function comparable({ status, headers, text, json }: RawAnswer, name: string): ComparableAnswer {
  expect(headers.get('content-length')).toBe(String(Buffer.byteLength(text)))
  expect(headers.get('x-amzn-errortype')).toBe(json.__type === undefined ? null : `${json.__type}:`)
  expect(headers.get('x-amzn-errormessage')).toBe(json.message ?? null)
  const masked = text
    .replaceAll(name, 'NAME')
    .replace(UUID, 'UUID')
    .replace(/[^"]\*\*\*@[^"]\*\*\*/g, 'DESTINATION')
    .replace(/"SRP_B":"[0-9a-f]{700,768}"/g, '"SRP_B":"SRP_B"')
    .replace(/\\"challenge\\":\\"[\w-]{43}\\"/, 'CHALLENGE')
    .replace(/\{\\"id\\":\\"[\w-]{22,43}\\",\\"type\\":\\"public-key\\",\\"transports\\":\[[^\]]+\]\}/, 'PASSKEY')
    .replace(/"(SALT|SECRET_BLOCK|Session)":"([^"]+)"/g, (_, member, value) => `"${member}":"${value.length}"`)
  const error = /^\{"__type":"(\w+)","message":"([^"]*)"\}$/.exec(masked)
  return {
    headers: [...headers]
      .filter(([header]) => !PER_CALL.has(header))
      .map((header) => header.join(': '))
      .sort()
      .join('\n'),
    text: error ? `${status} ${error[1]}: ${error[2]}` : `${status} ${masked}`,
  }
}

/** Where answers have another text than those of nobody: equal texts in a row are one line, `calls 1-8: TEXT`. */
export function differencesOf(answers: readonly string[], ofNobody: readonly string[]): string[] {
  const lines: string[] = []
  for (let from = 0; from < answers.length; ) {
    let to = from
    while (to + 1 < answers.length && answers[to + 1] === answers[from] && differs(to + 1) === differs(from)) to++
    if (differs(from)) lines.push(`calls ${from + 1}-${to + 1}: ${answers[from]}`)
    from = to + 1
  }
  return lines
  function differs(call: number): boolean {
    return answers[call] !== ofNobody[call]
  }
}
