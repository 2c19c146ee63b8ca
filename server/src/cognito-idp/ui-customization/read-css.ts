// Reads the CSS of somebody's own for the classic login pages, and writes what a page may get of it: rules of the known
// classes, with known properties and values, spelled anew from what was parsed, so that nothing of the text itself reaches
// a page. Pure. docs/reference/oauth-and-federation.md 16 ("Allowed selectors", "REC sanitiser").
//
// What cannot do harm and has no effect in the service (other classes, properties, values) is left out; what a browser
// would load from elsewhere, run, or read as the end of a <style> refuses the whole.
import { type CssNode, type Declaration, generate, lexer, parse, type Rule, type Selector, walk } from 'css-tree'
import { CSS_GRAMMAR } from './css-grammar.ts'

export type ReadCss = { served: string } | { problem: string }

/** Functions that load something or run code, in browsers of today or of old. */
const FORBIDDEN_FUNCTION = /^(?:-\w+-)?(?:url|src|image|image-set|cross-fade|element|expression|attr|env|paint)$/i
const FORBIDDEN_PROPERTY = /^(?:behavior|-moz-binding)$/i

/** The CSS that a page gets, or why the whole is refused. */
export function readCss(css: string): ReadCss {
  // An escape or a tag has no use in what is allowed, and none is worth the risk of a parser that reads it otherwise.
  if (/[\\<\0]/.test(css)) return { problem: 'it has a backslash or a "<"' }
  const errors: string[] = []
  const sheet = parse(css, { onParseError: ({ message }) => void errors.push(message), parseCustomProperty: true })
  const forbidden = forbiddenIn(sheet)
  if (forbidden !== undefined) return { problem: `${forbidden} is not allowed` }
  if (errors[0] !== undefined) return { problem: `it cannot be read: ${errors[0]}` }
  const rules: string[] = []
  if (sheet.type === 'StyleSheet')
    sheet.children.forEach((node) => {
      if (node.type === 'Rule') rules.push(...servedRules(node))
    })
  return { served: rules.join('\n') }
}

function forbiddenIn(sheet: CssNode): string | undefined {
  let found: string | undefined
  walk(sheet, (node) => {
    if (node.type === 'Atrule') found ??= `@${node.name}`
    else if (node.type === 'Url') found ??= 'url()'
    else if (node.type === 'Function' && FORBIDDEN_FUNCTION.test(node.name)) found ??= `${node.name}()`
    else if (node.type === 'Declaration' && FORBIDDEN_PROPERTY.test(node.property)) found ??= node.property
    // What the parser could not make sense of it keeps as it is.
    else if (node.type === 'Raw' && /@|(?:url|src|expression|image-set)\s*\(|:\s*\/\//i.test(node.value))
      found ??= 'url() or an at-rule'
  })
  return found
}

function servedRules(rule: Rule): string[] {
  if (rule.prelude.type !== 'SelectorList') return []
  const rules: string[] = []
  rule.prelude.children.forEach((selector) => {
    const name = generate(selector)
    const properties = Object.hasOwn(CSS_GRAMMAR, name) ? CSS_GRAMMAR[name] : undefined
    if (!properties || !isPlain(selector)) return
    const declarations: string[] = []
    rule.block.children.forEach((node) => {
      if (node.type === 'Declaration') declarations.push(...servedDeclarations(node, properties))
    })
    if (declarations.length > 0) rules.push(`${name}{${declarations.join(';')}}`)
  })
  return rules
}

/** One class, perhaps in a state: what the table's names look like cannot be anything else then. */
const isPlain = (selector: CssNode): selector is Selector =>
  selector.type === 'Selector' &&
  selector.children.toArray().every(({ type }) => type === 'ClassSelector' || type === 'PseudoClassSelector')

function servedDeclarations(
  { property, value, important }: Declaration,
  properties: Readonly<Record<string, string>>,
): string[] {
  const name = property.toLowerCase()
  const grammar = Object.hasOwn(properties, name) ? properties[name] : undefined
  if (grammar === undefined || lexer.match(grammar, value).error) return []
  return [`${name}:${generate(value)}${important === true ? '!important' : ''}`]
}
