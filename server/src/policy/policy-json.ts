// What JSON.parse does not report: whether an object has a name twice, and the positions of a policy's statements in
// its text. There is no recursion, so deep nesting is harmless.

export interface Span {
  start: number
  /** After the last character. */
  end: number
}

export interface JsonOutline {
  /** An object has a name twice: JSON.parse would silently take the last one. */
  repeats: boolean
  /** The objects in, or as, the root's member `Statement`. */
  statements: Span[]
}

interface Frame {
  start: number
  /** Undefined in a list. */
  names: Set<string> | undefined
  name: string
}

/** The outline of a text that JSON.parse has accepted. */
export function outlineJson(text: string): JsonOutline {
  const outline: JsonOutline = { repeats: false, statements: [] }
  const open: Frame[] = []
  let expectsName = false
  for (let index = 0; index < text.length; index++) {
    const character = text[index]
    const frame = open.at(-1)
    if (character === '"') {
      const end = endOfString(text, index)
      if (expectsName && frame?.names) {
        frame.name = JSON.parse(text.slice(index, end)) as string
        if (frame.names.has(frame.name)) outline.repeats = true
        frame.names.add(frame.name)
      }
      index = end - 1
    } else if (character === '{' || character === '[') {
      open.push({ start: index, names: character === '{' ? new Set() : undefined, name: '' })
      expectsName = character === '{'
    } else if (character === '}' || character === ']') {
      const closed = open.pop()
      const inList = open.length === 2 && open[1]?.names === undefined
      if (closed?.names && open[0]?.name === 'Statement' && (open.length === 1 || inList)) {
        outline.statements.push({ start: closed.start, end: index + 1 })
      }
    } else if (character === ',') expectsName = frame?.names !== undefined
    else if (character === ':') expectsName = false
  }
  return outline
}

function endOfString(text: string, start: number): number {
  let index = start + 1
  while (text[index] !== '"') index += text[index] === '\\' ? 2 : 1
  return index + 1
}

/** Line and column of an index, both from 1, as SimulatePolicy's Position has them. */
export function positionOf(text: string, index: number): { Line: number; Column: number } {
  const before = text.slice(0, index)
  const lineStart = before.lastIndexOf('\n') + 1
  return { Line: before.split('\n').length, Column: index - lineStart + 1 }
}
