// AWS writes patterns in the dialect of Java; JavaScript has to evaluate them on input from strangers. This file reads a
// pattern, proves a bound on the work that a backtracking engine can be made to do for it, and gives a form of it that
// `matches` (service-model.template.ts) evaluates in time linear in the value. A pattern for which it cannot is an error.
//
// Dialect: in Java, `\s`, `\S` and `.` are narrower than in JavaScript (no Unicode spaces; `.` also stops at U+0085), so
// they are written out. Everything else that AWS uses means the same under JavaScript's `u` flag once it is escaped as
// that flag demands. Patterns always apply to the whole value.

const LAST = 0x10ffff
const SPACE = [
  [0x09, 0x0d],
  [0x20, 0x20],
]
const NAMED = {
  d: { ranges: [[0x30, 0x39]], source: '\\d' },
  w: {
    ranges: [
      [0x30, 0x39],
      [0x41, 0x5a],
      [0x5f, 0x5f],
      [0x61, 0x7a],
    ],
    source: '\\w',
  },
  s: { ranges: SPACE, source: '\\t-\\r ' },
  S: { ranges: complement(SPACE), source: '\\0-\\x08\\x0e-\\x1f!-\\u{10ffff}' },
}
const CONTROL = { t: 0x09, n: 0x0a, r: 0x0d }

/** Choices that do not grow with the value: its work stays linear with at most this factor. */
const MOST_CHOICES = 64
/** Steps allowed for a pattern whose work grows faster than its value: the square of 2,048 characters. */
const MOST_STEPS = 2048 ** 2

/** Patterns that no rule here can bound, and what says the same together with the lengths of their shapes. */
const EQUIVALENTS = {
  '^[a-z0-9]([a-z0-9]|-(?!-)){1,61}[a-z0-9]$': '^[a-z0-9]+(-[a-z0-9]+)*$',
  '((/[A-Za-z0-9\\.,\\+@=_-]+)*)/': '/([A-Za-z0-9\\.,\\+@=_-]+/)*',
}

/**
 * What `matches` evaluates for a string shape:
 * - `regex`: the whole pattern, when its work is linear;
 * - `regex` + `contains` + `padding`: for `X*text X*` with text inside X, one repeated class and the texts in order;
 * - `regex` + `upTo`: at most quadratic, harmless up to this many UTF-16 units; longer values cannot be valid anyway.
 */
export function patternTest({ pattern, max }, where) {
  const node = parse(EQUIVALENTS[pattern] ?? pattern, where)
  const { factor, degree } = choices(node, [])
  if (degree === 0 && factor <= MOST_CHOICES) return { regex: whole(node) }

  const texts = textsWithin(node)
  if (texts) return texts

  const upTo = max && 2 * max // `max` counts characters, of one or two units
  if (upTo && factor * upTo ** (degree + 1) <= MOST_STEPS) return { regex: whole(node), upTo }
  throw new Error(
    `${where}: cannot evaluate ${pattern} in linear time, and its values are too long (${max ?? 'no max'}) for less`,
  )
}

/**
 * How many ways a backtracking engine can go wrong: factor * length ** degree. A choice (repeat once more or go on, take
 * an option or the next) counts nothing when the next character decides it, because the wrong way then fails at once.
 * `follow` is the set of characters that can come after the node. Work is at most (this) * (length of the value), as no
 * group that itself makes choices may repeat.
 */
function choices(node, follow) {
  if (node.kind === 'sequence') {
    let total = { factor: 1, degree: 0 }
    for (const item of [...node.items].reverse()) {
      const { factor, degree } = choices(item, follow)
      total = { factor: total.factor * factor, degree: total.degree + degree }
      follow = union(item.first, item.nullable ? follow : [])
    }
    return total
  }
  if (node.kind === 'options') {
    const heads = node.options.map((option) => union(option.first, option.nullable ? follow : []))
    const decided = heads.every((head, index) => heads.slice(index + 1).every((other) => !overlap(head, other)))
    const counts = node.options.map((option) => choices(option, follow))
    const factors = counts.map(({ factor }) => factor)
    return {
      factor: decided ? Math.max(...factors) : factors.reduce((sum, factor) => sum + factor),
      degree: Math.max(...counts.map(({ degree }) => degree)),
    }
  }
  if (node.kind === 'repeat') {
    const { item, min, max } = node
    const decided = !item.nullable && !overlap(item.first, follow)
    const inner = choices(item, max > 1 ? union(item.first, follow) : follow)
    if (max > 1 && item.kind !== 'set' && !(decided && inner.factor === 1 && inner.degree === 0))
      return { factor: Infinity, degree: 0 }
    if (decided || min === max) return inner
    return max === Infinity
      ? { factor: inner.factor, degree: inner.degree + 1 }
      : { ...inner, factor: inner.factor * (max - min + 1) }
  }
  return { factor: 1, degree: 0 }
}

/**
 * `X*text X*...X*` (or `X+text X+`), every character of the texts in X: the same as "only characters of X, and the texts
 * in this order with `padding` characters before, between and after them". With one character or none as padding, the
 * leftmost place for each text is always a right one, so no search ever goes back.
 */
function textsWithin(node) {
  if (node.kind !== 'sequence') return undefined
  const { item: within, min: padding } = node.items[0]
  if (within?.kind !== 'set' || padding > 1) return undefined
  const isGap = ({ kind, item, min, max }) =>
    kind === 'repeat' && item.source === within.source && min === padding && max === Infinity
  const isText = ({ literal, first }) => literal !== undefined && overlap(first, within.first)
  if (!node.items.every((item) => isGap(item) || isText(item))) return undefined

  const contains = ['']
  for (const item of node.items.slice(1)) {
    if (isGap(item)) contains.push('')
    else contains[contains.length - 1] += item.literal
  }
  // Ends in a gap, and no two gaps touch.
  if (contains.pop() !== '' || contains.length === 0 || contains.includes('')) return undefined
  return { regex: `^${within.source}*$`, contains, padding }
}

function whole(node) {
  return `^${node.kind === 'options' ? group(node) : node.source}$`
}

function group(node) {
  return `(?:${node.source})`
}

// Reading. A node knows its JavaScript source, the characters it can start with and whether it can match nothing; a set of
// one character also knows that character, as `literal`.

function parse(pattern, where) {
  let at = 0
  const dotAll = taken('(?s)')
  const node = readOptions()
  if (at < pattern.length) fail()
  return node

  function readOptions() {
    const all = [readSequence()]
    while (taken('|')) all.push(readSequence())
    if (all.length === 1) return all[0]
    return {
      kind: 'options',
      options: all,
      source: all.map(({ source }) => source).join('|'),
      first: all.map(({ first }) => first).reduce(union),
      nullable: all.some(({ nullable }) => nullable),
    }
  }

  function readSequence() {
    const items = []
    // Anchors at the ends say nothing in a pattern that has to match the whole value.
    if (at === 0) taken('^')
    while (at < pattern.length && !'|)'.includes(pattern[at])) {
      if (pattern[at] === '$' && at === pattern.length - 1) at += 1
      else items.push(readRepeat())
    }
    const tail = items.findIndex(({ nullable }) => !nullable)
    return {
      kind: 'sequence',
      items,
      source: items.map((item) => (item.kind === 'options' ? group(item) : item.source)).join(''),
      first: items
        .slice(0, tail < 0 ? undefined : tail + 1)
        .map(({ first }) => first)
        .reduce(union, []),
      nullable: tail < 0,
    }
  }

  function readRepeat() {
    const item = readAtom()
    const [text, exactly, comma, most] = /^(?:[*+?]|\{(\d+)(,?)(\d*)\})/.exec(pattern.slice(at)) ?? []
    if (text === undefined) return item
    at += text.length
    if ('+?*'.includes(pattern[at])) fail() // lazy and possessive forms: none so far
    const min = exactly ? Number(exactly) : text === '+' ? 1 : 0
    const max = exactly ? (comma ? Number(most || Infinity) : min) : text === '?' ? 1 : Infinity
    // (X*)? is X*: two ways to match nothing would only cost time.
    if (min === 0 && max === 1 && item.nullable) return item
    const source = (item.kind === 'set' ? item.source : group(item)) + text
    return { kind: 'repeat', item, min, max, source, first: item.first, nullable: min === 0 || item.nullable }
  }

  function readAtom() {
    if (taken('(?<!')) {
      const node = readOptions()
      if (!taken(')') || node.items?.length !== 1 || node.items[0].kind !== 'set') fail()
      return { kind: 'assertion', source: `(?<!${node.source})`, first: [], nullable: true }
    }
    if (taken('(?:') || taken('(')) {
      if (pattern[at] === '?') fail()
      const node = readOptions()
      if (!taken(')')) fail()
      return node
    }
    if (taken('[')) return readClass()
    if (taken('.')) {
      const ends = dotAll
        ? []
        : [
            [0x0a, 0x0a],
            [0x0d, 0x0d],
            [0x85, 0x85],
            [0x2028, 0x2029],
          ]
      return set(complement(ends), dotAll ? '[^]' : '[^\\n\\r\\x85\\u2028\\u2029]')
    }
    if ('^$*+?{}]'.includes(pattern[at])) fail()
    const { ranges, source, character } = readCharacter()
    return { ...set(ranges, character === undefined ? `[${source}]` : source), literal: character }
  }

  function readClass() {
    const negated = taken('^')
    let ranges = []
    let source = ''
    while (!taken(']')) {
      if (at >= pattern.length || pattern[at] === '[' || pattern.startsWith('&&', at)) fail()
      const low = readCharacter()
      ranges = union(ranges, low.ranges)
      source += inClass(low)
      // A hyphen makes a range only between two characters; first, last, or after a class or range it is itself.
      if (low.character !== undefined && pattern[at] === '-' && pattern[at + 1] !== ']') {
        at += 1
        const high = readCharacter()
        if (high.character === undefined || high.character < low.character) fail()
        ranges = union(ranges, [[low.ranges[0][0], high.ranges[0][0]]])
        source += `-${inClass(high)}`
      }
    }
    return negated ? set(complement(ranges), `[^${source}]`) : set(ranges, `[${source}]`)
  }

  /** One character, plain or escaped, or a class escape. */
  function readCharacter() {
    if (!taken('\\')) return literal(pattern.codePointAt(at++))
    const property = /^p\{(\w+)\}/.exec(pattern.slice(at))
    if (property) {
      at += property[0].length
      return { ranges: propertyRanges(property[1]), source: `\\${property[0]}` }
    }
    const code = /^(?:x([\da-fA-F]{2})|u([\da-fA-F]{4}))/.exec(pattern.slice(at))
    if (code) {
      at += code[0].length
      return literal(Number.parseInt(code[1] ?? code[2], 16))
    }
    const escaped = pattern[at++]
    if (Object.hasOwn(NAMED, escaped)) return NAMED[escaped]
    if (Object.hasOwn(CONTROL, escaped)) return literal(CONTROL[escaped])
    if (escaped === undefined || /\w/.test(escaped)) fail()
    return literal(escaped.codePointAt(0))
  }

  function taken(text) {
    if (!pattern.startsWith(text, at)) return false
    at += text.length
    return true
  }

  function fail() {
    throw new Error(`${where}: cannot read ${pattern} at character ${at}`)
  }
}

function set(ranges, source) {
  return { kind: 'set', source, first: ranges, nullable: false }
}

function literal(code) {
  const character = String.fromCodePoint(code)
  const printable = code >= 0x20 && code < 0x7f
  const source = printable ? character.replace(/[\\^$.*+?()[\]{}|]/, '\\$&') : `\\u{${code.toString(16)}}`
  return { ranges: [[code, code]], source, character }
}

/** Inside a class a plain hyphen is escaped: under `u`, `[\w-.]` is an error. */
function inClass({ source }) {
  return source === '-' ? '\\-' : source
}

// Sets of characters: sorted, disjoint [low, high] ranges of code points.

function union(a, b) {
  const merged = []
  for (const [low, high] of [...a, ...b].sort(([x], [y]) => x - y)) {
    const previous = merged.at(-1)
    if (previous && low <= previous[1] + 1) previous[1] = Math.max(previous[1], high)
    else merged.push([low, high])
  }
  return merged
}

function complement(ranges) {
  const gaps = []
  let next = 0
  for (const [low, high] of ranges) {
    if (next < low) gaps.push([next, low - 1])
    next = high + 1
  }
  return next > LAST ? gaps : [...gaps, [next, LAST]]
}

function overlap(a, b) {
  return a.some(([low, high]) => b.some(([otherLow, otherHigh]) => low <= otherHigh && otherLow <= high))
}

const properties = new Map()

function propertyRanges(name) {
  if (!properties.has(name)) {
    const property = new RegExp(`\\p{${name}}`, 'u')
    const ranges = []
    for (let code = 0; code <= LAST; code += 1) {
      if (!property.test(String.fromCodePoint(code))) continue
      if (ranges.at(-1)?.[1] === code - 1) ranges.at(-1)[1] = code
      else ranges.push([code, code])
    }
    properties.set(name, ranges)
  }
  return properties.get(name)
}
