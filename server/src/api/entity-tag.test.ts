import { describe, expect, it } from 'vitest'
import { withEntityTag } from './entity-tag.ts'

const response = { status: 200, headers: { 'content-type': 'application/json', 'x-amzn-requestid': '1' }, body: '{}' }
const asked = (value?: string) => ({
  headers: value === undefined ? [] : [['If-None-Match', value] as const],
})

describe('an answer with an entity tag', () => {
  it.each([undefined, '', '"6"', '7', '"77"', 'W/"6", "8"', '"7'])('is whole for a client that has %s', (has) => {
    expect(withEntityTag(asked(has), response, '"7"')).toEqual({
      ...response,
      headers: { ...response.headers, etag: '"7"', 'cache-control': 'no-store' },
    })
  })

  it.each(['"7"', 'W/"7"', '"6" , "7"', '*'])('is 304 for a client that has %s', (has) => {
    expect(withEntityTag(asked(has), response, '"7"')).toEqual({
      status: 304,
      headers: { 'x-amzn-requestid': '1', etag: '"7"', 'cache-control': 'no-store' },
      body: '',
    })
  })

  it('is as it was without one', () => {
    expect(withEntityTag(asked('*'), response, undefined)).toBe(response)
  })
})
