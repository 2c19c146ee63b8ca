// The only XML parser of this server: libxml2 in strict mode, whose result is copied into plain objects.
//
// What SAML never needs is refused before parsing: DOCTYPE and entities (docs/reference/threats.md 31, 32), processing
// instructions, control characters (UTF-16 would look like text with NULs), other encodings than UTF-8. Too many, too
// large or too deeply nested elements are refused after parsing. The parser, which is WebAssembly, is loaded with the
// first document.
import type { XmlElement as LibxmlElement, XmlTreeNode } from 'libxml2-wasm'
import { limits } from './limits.ts'
import { SamlError } from './refusal.ts'

export interface XmlAttribute {
  /** Without prefix. */
  name: string
  /** Empty for attributes without a prefix. */
  namespace: string
  value: string
}

export interface XmlElement {
  /** Without prefix. */
  name: string
  namespace: string
  attributes: XmlAttribute[]
  /** Elements and text; CDATA is text, comments are left out. */
  children: (XmlElement | string)[]
}

export interface XmlDocument {
  root: XmlElement
  /** Exclusive canonical form, without comments, of an element of this document (W3C xml-exc-c14n). */
  canonical(element: XmlElement, inclusivePrefixes?: readonly string[]): string
  /** Removes an element for `canonical`; `root` is not changed. */
  remove(element: XmlElement): void
}

export interface XmlLimits {
  /** Characters of the text. */
  length: number
  elements: number
  /** Whether comments are left out of `root`, as of the canonical form, or the document is refused. */
  comments: 'dropped' | 'refused'
}

const XML_DECLARATION =
  /^<\?xml\s+version\s*=\s*(?:"1\.0"|'1\.0')(?:\s+encoding\s*=\s*(?:"utf-8"|'utf-8'))?(?:\s+standalone\s*=\s*(?:"(?:yes|no)"|'(?:yes|no)'))?\s*\?>/i
const CONTROL = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u

/**
 * Parses a document and calls `use` with it. Only `root` is valid after `use` has returned. Throws SamlError
 * `malformed`.
 */
export async function withXml<Result>(
  text: string,
  own: XmlLimits,
  use: (document: XmlDocument) => Result,
): Promise<Result> {
  const source = plainXml(text, own)
  const libxml = await import('libxml2-wasm')
  const { XML_PARSE_NONET, XML_PARSE_NO_XXE } = libxml.ParseOption
  const document = orMalformed(() =>
    libxml.XmlDocument.fromString(source, { option: XML_PARSE_NONET | XML_PARSE_NO_XXE }),
  )
  try {
    if (document.dtd !== null) throw malformedError('the parser found a DOCTYPE')
    const elements = new Map<XmlElement, LibxmlElement>()
    const copyElement = (element: LibxmlElement, depth: number, namespacesAround: number): XmlElement => {
      if (depth > limits.depth.max) throw malformedError('elements are nested too deeply')
      const namespaces = namespacesAround + Object.keys(element.nsDeclarations).length
      if (namespaces > limits.namespaces.max) throw malformedError('there are too many namespaces')
      const attributes = element.attrs.map(({ name, namespaceUri, value }) => ({
        name,
        namespace: namespaceUri,
        value,
      }))
      if (attributes.length > limits.attributes.max) throw malformedError('an element has too many attributes')
      const copy = {
        name: element.name,
        namespace: element.namespaceUri,
        attributes,
        children: [] as XmlElement['children'],
      }
      elements.set(copy, element)
      if (elements.size > own.elements) throw malformedError('there are too many elements')
      for (let child: XmlTreeNode | null = element.firstChild; child; child = child.next) {
        if (child instanceof libxml.XmlElement) copy.children.push(copyElement(child, depth + 1, namespaces))
        else if (child instanceof libxml.XmlText || child instanceof libxml.XmlCData) copy.children.push(child.content)
        else if (!(child instanceof libxml.XmlComment))
          throw malformedError('there is something else than elements and text')
      }
      return copy
    }
    const root = copyElement(document.root, 1, 0)
    return use({
      root,
      canonical(element, inclusivePrefixes = []) {
        const options = {
          mode: libxml.XmlC14NMode.XML_C14N_EXCLUSIVE_1_0,
          withComments: false,
          inclusiveNamespacePrefixes: [...inclusivePrefixes],
        }
        const node = nodeOf(element)
        return orMalformed(() => node.canonicalizeToString(options))
      },
      remove(element) {
        nodeOf(element).remove()
        elements.delete(element)
      },
    })

    function nodeOf(element: XmlElement): LibxmlElement {
      const node = elements.get(element)
      if (!node) throw new Error('The element is not of this document.')
      return node
    }
  } finally {
    document.dispose()
  }
}

function plainXml(text: string, own: XmlLimits): string {
  if (text.length > own.length) throw malformedError('the text is too long')
  const withoutBom = text.startsWith('\ufeff') ? text.slice(1) : text
  const source = withoutBom.replace(XML_DECLARATION, '')
  if (CONTROL.test(source)) throw malformedError('the text holds characters that XML does not allow')
  // Refused inside of comments and CDATA as well, where they would be harmless.
  if (/<!(?:DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)/i.test(source)) throw malformedError('the document has a DOCTYPE')
  if (source.includes('<?'))
    throw malformedError('the document has a processing instruction, or another encoding than UTF-8')
  if (own.comments === 'refused' && source.includes('<!--')) throw malformedError('the document has a comment')
  return source
}

const malformedError = (detail: string): SamlError => new SamlError('malformed', detail)

function orMalformed<Value>(step: () => Value): Value {
  try {
    return step()
  } catch {
    // The message of libxml2 is dropped: it may quote the document.
    throw malformedError('the text is not well-formed XML')
  }
}

/** Child elements with this name. */
export const childrenOf = (element: XmlElement, namespace: string, name: string): XmlElement[] =>
  elementsIn(element).filter((child) => child.namespace === namespace && child.name === name)

/**
 * The only child element with this name; undefined when there is none, SamlError `wrong-shape` when there are several.
 */
export function onlyChild(element: XmlElement, namespace: string, name: string): XmlElement | undefined {
  const found = childrenOf(element, namespace, name)
  if (found.length > 1) throw new SamlError('wrong-shape', `${element.name} has several ${name}`)
  return found[0]
}

export function requiredChild(element: XmlElement, namespace: string, name: string): XmlElement {
  const child = onlyChild(element, namespace, name)
  if (!child) throw new SamlError('wrong-shape', `${element.name} has no ${name}`)
  return child
}

/** Child elements. */
export const elementsIn = (element: XmlElement): XmlElement[] =>
  element.children.filter((child): child is XmlElement => typeof child !== 'string')

/** The value of an attribute without namespace. */
export const attributeOf = (element: XmlElement, name: string): string | undefined =>
  element.attributes.find((attribute) => attribute.name === name && attribute.namespace === '')?.value

/** The whole text of an element, that of elements in it included. */
export const textOf = (element: XmlElement): string =>
  element.children.map((child) => (typeof child === 'string' ? child : textOf(child))).join('')

/** The text of an element that may hold nothing else. */
export function onlyTextOf(element: XmlElement): string {
  if (elementsIn(element).length > 0) throw new SamlError('wrong-shape', `${element.name} holds more than text`)
  return textOf(element)
}

/** The element and all below it, in the order of the document. */
export function* everyElement(element: XmlElement): Generator<XmlElement> {
  yield element
  for (const child of elementsIn(element)) yield* everyElement(child)
}
