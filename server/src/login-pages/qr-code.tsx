// A QR code as an inline picture (SVG): nothing is loaded, and the secret in it leaves the page nowhere.
import { encode } from 'uqr'

/** `label`: what the picture is, for those who do not see it. */
export function QrCode({ text, label }: { text: string; label: string }) {
  // Four modules of quiet around it (ISO/IEC 18004).
  const { data, size } = encode(text, { ecc: 'M', border: 4 })
  const path = data
    .flatMap((row, y) => runs(row).map(({ start, length }) => `M${start} ${y}h${length}v1h-${length}`))
    .join('')
  return (
    <svg class="qr" role="img" aria-label={label} viewBox={`0 0 ${size} ${size}`} shape-rendering="crispEdges">
      <path d={path} fill="#000" />
    </svg>
  )
}

/** The dark modules of a row that are side by side: one shape each, which keeps the page small. */
function runs(row: readonly boolean[]): { start: number; length: number }[] {
  const found: { start: number; length: number }[] = []
  for (const [x, dark] of row.entries()) {
    const last = found.at(-1)
    if (!dark) continue
    if (last && last.start + last.length === x) last.length += 1
    else found.push({ start: x, length: 1 })
  }
  return found
}
