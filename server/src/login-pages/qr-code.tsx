// A QR code as an inline picture (SVG): nothing is loaded, and the secret in it leaves the page nowhere.
import { encode } from 'uqr'

/** `label`: what the picture is, for those who do not see it. */
export function QrCode({ text, label }: { text: string; label: string }) {
  // Four modules of quiet around it (ISO/IEC 18004).
  const { data, size } = encode(text, { ecc: 'M', border: 4 })
  const path = data.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ''))).join('')
  return (
    <svg class="qr" role="img" aria-label={label} viewBox={`0 0 ${size} ${size}`} shape-rendering="crispEdges">
      <path d={path} fill="#000" />
    </svg>
  )
}
