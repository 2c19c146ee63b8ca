import fc from 'fast-check'
import { expect, it } from 'vitest'
import { ICO, JPEG, PNG, SVG, WEBP } from '../../../test/images.ts'
import { imageKind } from './image-rules.ts'

const text = (svg: string): Uint8Array => new TextEncoder().encode(svg)

it.each([
  ['PNG', PNG],
  ['JPEG', JPEG],
  ['WEBP', WEBP],
  ['ICO', ICO],
  ['SVG', SVG],
  ['SVG', text('\uFEFF<svg/>')],
  ['SVG', text('<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/x.dtd">\n<!-- x --><svg\n></svg>')],
])('tells %s by its bytes', (kind, bytes) => {
  expect(imageKind(bytes)).toBe(kind)
})

it.each([
  ['nothing', text('')],
  ['a page', text('<html><svg></svg></html>')],
  ['a script', text('alert(1)')],
  ['a document that declares entities', text('<!DOCTYPE svg [<!ENTITY a "b">]><svg></svg>')],
  ['another element', text('<svgx></svgx>')],
  ['text after a beginning', text('<svg> and more')],
  ['a GIF', text('GIF89a......')],
  ['a sound in the container of WebP', text('RIFF....WAVE....')],
  ['the sign alone', PNG.slice(0, 8)],
  ['an icon without images', new Uint8Array([0, 0, 1, 0, 0, 0, ...new Array(40).fill(0)])],
  ['text that is not UTF-8', new Uint8Array([0x3c, 0x73, 0x76, 0x67, 0x3e, 0xff, 0x3e])],
])('takes %s for no image', (_, bytes) => {
  expect(imageKind(bytes)).toBeUndefined()
})

it('reads any bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      imageKind(bytes)
    }),
  )
  // A comment without an end, many times.
  expect(imageKind(text(`${'<!--'.repeat(200_000)}<svg>`))).toBeUndefined()
  expect(imageKind(text(`${'<!---->'.repeat(100_000)}<svg>`))).toBe('SVG')
})
