// Compares two samples without assuming a shape: the test of Mann and Whitney, and how far they lie apart.

/**
 * `auc`: the chance that a value of `one` is above one of `other`, ties by half. `p`: the chance of an AUC so far from 0.5, were
 * both from the same distribution (normal approximation). `shift`: the median of all differences one − other (Hodges and Lehmann).
 */
export function compareSamples(one, other) {
  const [n, m] = [one.length, other.length]
  const differences = one.flatMap((value) => other.map((against) => value - against)).sort((a, b) => a - b)
  const above = differences.reduce((sum, difference) => sum + (difference > 0 ? 1 : difference === 0 ? 0.5 : 0), 0)
  const auc = above / (n * m)
  const z = (auc - 0.5) / Math.sqrt((n + m + 1) / (12 * n * m))
  return { auc, p: 2 * upperTail(Math.abs(z)), shift: median(differences), medians: [median(one), median(other)] }
}

const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/** P(Z > z) for z >= 0: Abramowitz and Stegun 26.2.17, wrong by less than 7.5e-8. */
function upperTail(z) {
  const t = 1 / (1 + 0.2316419 * z)
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)
  return density * t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
}
