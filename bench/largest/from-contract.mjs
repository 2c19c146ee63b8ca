// Large inputs of any operation, made from its contract: every member filled, as long or as many as the contract takes.

import { join } from 'node:path'
import { root } from '../machine.mjs'

// Linear in the text, which the patterns themselves are not.
const { matches } = await import(join(root, 'server/dist/contract/service-model.js'))

/** More do not fit into a body: lists of lists would fill the memory before that is seen. */
const MAX_VALUES = 200_000

/** How long texts and how many entries: the first that fits into a body is sent. */
const shapes = {
  long: [
    [200_000, 2],
    [50_000, 2],
    [10_000, 2],
    [2000, 2],
    [200, 2],
  ],
  many: [
    [8, 9000],
    [8, 3000],
    [8, 600],
    [8, 60],
    [8, 10],
  ],
}

/**
 * The largest input of a kind (`long`: few long texts, `many`: many short ones) whose `encode`d body has at most
 * `maxBytes`. `known`: values by the name of a member, such as the ids of what exists.
 */
export function largestInput(model, operation, { kind, known, encode, maxBytes }) {
  const { input } = model.operations[operation]
  for (const [length, count] of shapes[kind]) {
    const left = { values: MAX_VALUES }
    const made = input === undefined ? {} : make(model, input, { length, count, known, left, depth: 0 })
    if (left.values < 0) continue
    const body = encode(made)
    if (Buffer.byteLength(body) <= maxBytes) return body
  }
  return undefined
}

function make(model, name, sizes, number = 0) {
  if (sizes.left.values-- < 0) return undefined
  const shape = model.shapes[name]
  const deeper = { ...sizes, depth: sizes.depth + 1 }
  switch (shape.type) {
    case 'structure':
      if (sizes.depth > 6) return undefined
      return Object.fromEntries(
        Object.entries(shape.members).flatMap(([member, { shape: type }]) => {
          const value = Object.hasOwn(sizes.known, member) ? sizes.known[member] : make(model, type, deeper)
          return value === undefined ? [] : [[member, value]]
        }),
      )
    case 'list':
      return Array.from({ length: Math.min(shape.max ?? sizes.count, sizes.count) }, (_, index) =>
        make(model, shape.member, deeper, index),
      ).filter((value) => value !== undefined)
    case 'map':
      return Object.fromEntries(
        Array.from({ length: Math.min(shape.max ?? sizes.count, sizes.count) }, (_, index) => [
          make(model, shape.key, deeper, index),
          make(model, shape.value, deeper, index),
        ]).filter(([key, value]) => key !== undefined && value !== undefined),
      )
    case 'string':
      return textOf(shape, sizes.length, number)
    case 'boolean':
      return false
    case 'integer':
    case 'long':
      return shape.max ?? 60
    default:
      return undefined
  }
}

function textOf(shape, length, number) {
  const { enum: words, min = 0, max = Number.POSITIVE_INFINITY } = shape
  if (words) return words[number % words.length]
  const wanted = Math.max(min, Math.min(max, length))
  const candidates = [`${number}x`.padEnd(wanted, 'a'), `arn:aws:iam::123456789012:role/${number}`.padEnd(min, 'a')]
  return candidates.find((text) => text.length <= max && (!shape.pattern || matches(shape, text)))
}
