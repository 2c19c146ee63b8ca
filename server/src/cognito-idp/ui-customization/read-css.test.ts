// CSS of the classic login pages: what of it a page gets, and what refuses the whole.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CSS_GRAMMAR } from './css-grammar.ts'
import { readCss } from './read-css.ts'

/** What the service's own template sets. */
const TEMPLATE = `
.logo-customizable { max-width: 60%; max-height: 30%; }
.banner-customizable { padding: 25px 0px 25px 0px; background-color: lightgray; }
.label-customizable { font-weight: 400; }
.textDescription-customizable { padding-top: 10px; padding-bottom: 10px; display: block; font-size: 16px; }
.idpDescription-customizable { padding-top: 10px; padding-bottom: 10px; display: block; font-size: 16px; }
.legalText-customizable { color: #747474; font-size: 11px; }
.submitButton-customizable { font-size: 14px; font-weight: bold; margin: 20px 0px 10px 0px; height: 40px; width: 100%;
  color: #fff; background-color: #337ab7; }
.submitButton-customizable:hover { color: #fff; background-color: #286090; }
.errorMessage-customizable { padding: 5px; font-size: 14px; width: 100%; background: #F5F5F5; border: 2px solid #D64958;
  color: #D64958; }
.inputField-customizable { width: 100%; height: 34px; color: #555; background-color: #fff; border: 1px solid #ccc; }
.inputField-customizable:focus { border-color: #66afe9; outline: 0; }
.idpButton-customizable { height: 40px; width: 100%; text-align: center; margin-bottom: 15px; color: #fff;
  background-color: #5bc0de; border-color: #46b8da; }
.idpButton-customizable:hover { color: #fff; background-color: #31b0d5; }
.socialButton-customizable { border-radius: 2px; height: 40px; margin-bottom: 15px; padding: 1px; text-align: left; width: 100%; }
.redirect-customizable { text-align: center; }
.passwordCheck-notValid-customizable { color: #DF3312; }
.passwordCheck-valid-customizable { color: #19BF00; }
.background-customizable { background-color: #fff; }
`

const served = (css: string): string => {
  const read = readCss(css)
  if ('problem' in read) throw new Error(read.problem)
  return read.served
}
const button = (declarations: string): string => served(`.submitButton-customizable{${declarations}}`)

describe('what a page gets', () => {
  it('is the whole of the template', () => {
    const rules = served(TEMPLATE).split('\n')
    expect(rules).toHaveLength(18)
    const declarations = (css: string): number =>
      css.split(/[{;]/).filter((part) => part.includes(':') && !/^\s*\./.test(part)).length
    expect(rules.map(declarations).reduce((sum, count) => sum + count)).toBe(
      TEMPLATE.split('}')
        .map(declarations)
        .reduce((sum, count) => sum + count),
    )
    expect(rules).toContain('.banner-customizable{padding:25px 0px 25px 0px;background-color:lightgray}')
  })

  it.each([
    ['COLOR: Red', 'color:Red'],
    ['color: rgb(1 2 3 / 50%)', 'color:rgb(1 2 3/50%)'],
    ['color: hsl(120deg, 10%, 10%)', 'color:hsl(120deg,10%,10%)'],
    ['color: red !important', 'color:red!important'],
    ['margin: 1px auto', 'margin:1px auto'],
    ['width: calc(100% - 2px)', 'width:calc(100% - 2px)'],
    ['color: red; color: blue', 'color:red;color:blue'],
  ])('is %s', (given, expected) => {
    expect(button(given)).toBe(`.submitButton-customizable{${expected}}`)
  })

  it.each([
    ['a property that is not in the list', 'position: fixed'],
    ['a value of another kind', 'color: 3px'],
    ['a word that is no value', 'color: reddish'],
    ['a length below zero', 'padding-top: -5px'],
    ['a variable', 'color: var(--x)'],
    ['a variable that is set', '--x: red'],
    ['a text', 'color: "red"'],
    ['content', 'content: "hello"'],
    ['a filter', 'filter: blur(2px)'],
    ['nothing', ''],
  ])('leaves out %s', (_, declarations) => {
    expect(button(declarations)).toBe('')
  })

  it.each([
    ['another class', '.other { color: red }'],
    ['an element', 'body { background-color: red }'],
    ['everything', '* { color: red }'],
    ['a class below another', '.x .label-customizable { color: red }'],
    ['an element of a class', 'a.label-customizable { color: red }'],
    ['an attribute', '.label-customizable[value^="a"] { color: red }'],
    ['a state that is not in the list', '.label-customizable:hover { color: red }'],
    ['a function of selectors', '.label-customizable:not(.x) { color: red }'],
    ['a pseudo-element', '.label-customizable::before { color: red }'],
    ['a class in other case', '.LABEL-customizable { color: red }'],
    ['a comment', '/* .label-customizable { color: red } */'],
  ])('leaves out %s', (_, css) => {
    expect(served(css)).toBe('')
  })

  it('is each selector of a list by itself', () => {
    expect(served('.label-customizable, .x, .legalText-customizable { color: red; font-size: 2px }')).toBe(
      '.label-customizable{color:red}\n.legalText-customizable{color:red;font-size:2px}',
    )
  })
})

describe('what refuses the whole', () => {
  const color = (value: string): string => `.label-customizable { color: ${value} }`
  it.each([
    ['the end of the element', '</style><script>alert(1)</script>', 'it has a backslash or a "<"'],
    ['a comment of HTML', '<!-- .x{} -->', 'it has a backslash or a "<"'],
    ['an escape', color('\\75rl(x)'), 'it has a backslash or a "<"'],
    ['a NUL', color('r\0ed'), 'it has a backslash or a "<"'],
    ['an import', '@import "https://evil.example/x.css";', '@import is not allowed'],
    ['an import of a url', '@IMPORT url(//evil.example/x.css);', '@IMPORT is not allowed'],
    ['a media query', '@media screen { .label-customizable { color: red } }', '@media is not allowed'],
    ['a condition', '@supports (color: red) { .x { color: red } }', '@supports is not allowed'],
    ['a font', '@font-face { font-family: x }', '@font-face is not allowed'],
    ['a page', '@page { margin: 0 }', '@page is not allowed'],
    ['a url', color('url(https://evil.example)'), 'url() is not allowed'],
    ['a url in quotes', color('url("https://evil.example")'), 'url() is not allowed'],
    ['a url where no property allows it', '.x { background: URL( x ) }', 'url() is not allowed'],
    ['an image set', '.x { background: image-set("a.png" 1x) }', 'image-set() is not allowed'],
    ['an old image set', '.x { background: -webkit-image-set("a.png" 1x) }', '-webkit-image-set() is not allowed'],
    ['an expression', '.x { width: expression(alert(1)) }', 'expression() is not allowed'],
    ['an attribute read', '.x { width: attr(value) }', 'attr() is not allowed'],
    ['a behaviour', '.x { behavior: x }', 'behavior is not allowed'],
    ['a binding', '.x { -moz-binding: x }', '-moz-binding is not allowed'],
    ['a url in a variable', '.x { --y: url(https://evil.example) }', 'url() is not allowed'],
    ['a rule within a rule that imports', '.x { @import "y"; }', '@import is not allowed'],
  ])('%s', (_, css, problem) => {
    expect(readCss(css)).toEqual({ problem })
    expect(readCss(`${TEMPLATE}${css}`)).toEqual({ problem })
  })

  it.each([
    ['.label-customizable { color red }'],
    ['.x { .label-customizable { color: red } }'],
    ['.label-customizable { color: }} x'],
    ['}{'],
  ])('text that is no CSS: %s', (css) => {
    expect(readCss(css)).toMatchObject({ problem: expect.stringMatching(/^it cannot be read: /) })
  })
})

it('whatever is given, a page gets rules of the known classes alone, without a way out of them', () => {
  const piece = fc.oneof(
    fc.constantFrom(...Object.keys(CSS_GRAMMAR), ...Object.values(CSS_GRAMMAR).flatMap(Object.keys)),
    fc.constantFrom(
      '{',
      '}',
      ':',
      ';',
      '(',
      ')',
      ',',
      '"',
      "'",
      '/*',
      '*/',
      '@media',
      'url(',
      'var(',
      '!important',
      ' ',
    ),
    fc.constantFrom('red', '#fff', '10px', 'auto', '1px solid red', '<', '\\', '[', ']', '\n', '0'),
    fc.string({ unit: 'binary', maxLength: 5 }),
  )
  const rule = /^\.[a-zA-Z]+(?:-[a-zA-Z]+)*-customizable(?::hover|:focus)?\{[^{}<>\\@"']+\}$/
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const read = readCss(pieces.join(''))
      if ('problem' in read || read.served === '') return
      for (const line of read.served.split('\n')) expect(line).toMatch(rule)
      expect(readCss(read.served)).toEqual(read)
    }),
    { numRuns: 1000 },
  )
})
