import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readLines } from './csv-lines.ts'

/** The lines of a file that is read in pieces of so many bytes. */
async function linesOf(file: Buffer, pieces: number, from = 0) {
  const read = async (at: number) => (at < file.length ? file.subarray(at, at + pieces) : undefined)
  const lines: { text: string | undefined; end: number }[] = []
  for await (const { bytes, end } of readLines(read, from)) lines.push({ text: bytes?.toString(), end })
  return lines
}

it('gives the lines of a file, with and without a line break at its end', async () => {
  expect(await linesOf(Buffer.from('a\nbc\n'), 100)).toEqual([
    { text: 'a', end: 2 },
    { text: 'bc', end: 5 },
  ])
  expect(await linesOf(Buffer.from('a\n\nbc'), 100)).toEqual([
    { text: 'a', end: 2 },
    { text: '', end: 3 },
    { text: 'bc', end: 5 },
  ])
  expect(await linesOf(Buffer.from(''), 100)).toEqual([])
})

it('gives the same whatever the pieces are, and goes on from the end of any line', async () => {
  const texts = fc.array(fc.string({ unit: fc.constantFrom('a', 'é', '\n', '\r') }), { maxLength: 40 })
  await fc.assert(
    fc.asyncProperty(texts, fc.integer({ min: 1, max: 7 }), async (parts, pieces) => {
      const file = Buffer.from(parts.join(''))
      const whole = await linesOf(file, 1_000)
      expect(await linesOf(file, pieces)).toEqual(whole)
      for (const [i, { end }] of whole.entries()) expect(await linesOf(file, pieces, end)).toEqual(whole.slice(i + 1))
    }),
  )
})

it('passes over a line that no row can have', async () => {
  const file = Buffer.concat([
    Buffer.from('a\n'),
    Buffer.alloc(64_003, 'x'),
    Buffer.from('\nb\n'),
    Buffer.alloc(70_000),
  ])
  for (const pieces of [1_000, 64_002, 1_000_000])
    expect((await linesOf(file, pieces)).map(({ text }) => text)).toEqual(['a', undefined, 'b', undefined])
})
