// DeviceType of a session, from the header User-Agent: `Chrome 125 / macOS 15.0`, or `unknown`
// (docs/reference/user-pools.md 12.8). Pure. Two tables of the common programs and systems instead of a parser from the
// registry: a session list needs a name that people recognize, no more, and tables of plain patterns take time that grows
// with the length alone. Browsers freeze what they say of the system (macOS 10.15.7, Windows 10, Android 10).
import { limits } from '../limits.ts'

/** A name, and what tells its version; the first row that matches counts. */
type Rows = readonly (readonly [name: string, pattern: RegExp])[]

// Programs that are built on another one name that one as well, so they come first.
const PROGRAMS: Rows = [
  ['Edge', /\bEdg(?:e|A|iOS)?\/(\d+)/],
  ['Opera', /\b(?:OPR|OPX|OPiOS)\/(\d+)/],
  ['Samsung Internet', /\bSamsungBrowser\/(\d+)/],
  ['Vivaldi', /\bVivaldi\/(\d+)/],
  ['Yandex Browser', /\bYaBrowser\/(\d+)/],
  ['DuckDuckGo', /\b(?:DuckDuckGo|Ddg)\/(\d+)/],
  ['Electron', /\bElectron\/(\d+)/],
  ['Firefox', /\b(?:Firefox|FxiOS)\/(\d+)/],
  ['Chrome', /\b(?:Chrome|CriOS|HeadlessChrome)\/(\d+)/],
  ['Safari', /\bVersion\/(\d+)\S* (?:Mobile\/\S+ )?Safari\//],
  ['Internet Explorer', /\bTrident\/.{0,80}\brv:(\d+)/],
  // Applications of one's own: AWS SDKs and Amplify, and the HTTP clients of the mobile systems.
  ['AWS CLI', /\baws-cli\/(\d+)/],
  ['Amplify', /\b(?:aws-amplify|amplify-[a-z]+)\/(\d+)/],
  ['AWS SDK for JavaScript', /\baws-sdk-(?:js|nodejs)\/(\d+)/],
  ['AWS SDK for Android', /\baws-sdk-(?:android|kotlin)\/(\d+)/i],
  ['AWS SDK for iOS', /\baws-sdk-(?:ios|swift)\/(\d+)/i],
  ['AWS SDK for Python', /\b(?:Boto3|Botocore)\/(\d+)/],
  ['AWS SDK for Java', /\baws-sdk-java\/(\d+)/],
  ['AWS SDK for Go', /\baws-sdk-go(?:-v2)?\/(\d+)/],
  ['AWS SDK for .NET', /\baws-sdk-dotnet\S*\/(\d+)/],
  ['AWS SDK for PHP', /\baws-sdk-php\/(\d+)/],
  ['AWS SDK for Ruby', /\baws-sdk-ruby\d?\/(\d+)/],
  ['AWS SDK for Rust', /\baws-sdk-rust\/(\d+)/],
  ['iOS app', /\bCFNetwork\/(\d+)/],
  ['Android app', /\b(?:okhttp|Dalvik)\/(\d+)/],
]

const VERSION = '(\\d+(?:[._]\\d+){0,2})'

const SYSTEMS: Rows = [
  ['iOS', new RegExp(`\\b(?:iPhone|iPod)\\b.{0,40}\\bOS ${VERSION}`)],
  ['iPadOS', new RegExp(`\\biPad\\b.{0,40}\\bOS ${VERSION}`)],
  ['iOS', new RegExp(`\\bos/iOS#${VERSION}`, 'i')],
  ['Android', new RegExp(`\\bAndroid(?: |#|/)${VERSION}`, 'i')],
  ['Windows', /\bWindows NT (\d+\.\d+)/],
  ['Windows', new RegExp(`\\bos/windows#${VERSION}`, 'i')],
  ['ChromeOS', /\bCrOS \S+ (\d+)/],
  ['macOS', new RegExp(`\\bMac OS X ${VERSION}`)],
  ['macOS', new RegExp(`\\bos/(?:macos|darwin)(?:#|/)${VERSION}`, 'i')],
  ['Linux', /\bLinux\b()/i],
]

// What Windows calls itself, and what people call it.
const WINDOWS: Readonly<Record<string, string>> = { '10.0': '10', '6.3': '8.1', '6.2': '8', '6.1': '7' }

/** The program and system that a User-Agent names; `unknown` for one that is in neither table. */
export function deviceType(userAgent: string | undefined): string {
  const text = (userAgent ?? '').slice(0, limits.userAgentRead.max)
  const parts = [firstOf(PROGRAMS, text), firstOf(SYSTEMS, text)].filter((part) => part !== undefined)
  return parts.length === 0 ? 'unknown' : parts.join(' / ')
}

function firstOf(rows: Rows, text: string): string | undefined {
  for (const [name, pattern] of rows) {
    const found = pattern.exec(text)
    if (!found) continue
    const version = (found[1] ?? '').replaceAll('_', '.')
    return `${name} ${(name === 'Windows' && WINDOWS[version]) || version}`.trim()
  }
  return undefined
}
