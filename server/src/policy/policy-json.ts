// What JSON.parse does not report: whether an object has a name twice, and the positions of a policy's statements in
// its text. There is no recursion, so deep nesting is harmless.

/** Line and column, both from 1, as SimulatePolicy's Position has them. */
export interface Position {
  Line: number
  Column: number
}

interface Span {
  start: number
  end: number
  /** The index of the bracket, for a statement in a list. */
  list: number | undefined
}

export interface JsonOutline {
  /** An object has a name twice: JSON.parse would silently take the last one. */
  repeats: boolean
  /** The objects in, or as, the root's member `Statement`, in their order. `end` is after the last character. */
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
        outline.statements.push({ start: closed.start, end: index + 1, list: inList ? open[1]?.start : undefined })
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

/**
 * Where each statement begins and ends, as SimulatePolicy tells it (docs/behaviour/iam.md, "Simulations"): a statement
 * begins where the service's parser stands when it has found it, which is after its brace when it is alone, after the
 * bracket when it is the first of a list, and at the end of the one before it otherwise.
 */
export function statementPositions(text: string): { start: Position; end: Position }[] {
  const place = placesIn(text)
  let previous: number | undefined
  return outlineJson(text).statements.map(({ start, end, list }) => {
    const begins = list === undefined ? start + 1 : (previous ?? list + 1)
    previous = end
    return { start: place(begins), end: place(end) }
  })
}

/** The position of an index. Indices have to be asked in ascending order, so that the text is read once. */
function placesIn(text: string): (index: number) => Position {
  let line = 1
  let lineStart = 0
  const endOfLine = () => {
    const end = text.indexOf('\n', lineStart)
    return end < 0 ? text.length : end
  }
  let lineEnd = endOfLine()
  return (index) => {
    while (lineEnd < index) {
      line += 1
      lineStart = lineEnd + 1
      lineEnd = endOfLine()
    }
    return { Line: line, Column: index - lineStart + 1 }
  }
}
