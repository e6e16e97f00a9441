/** How improbable counts are by chance alone, exactly and one-sided. Pure. */

const logFactorials = [0]
function logFactorial(n: number): number {
  for (let k = logFactorials.length; k <= n; k++) logFactorials.push((logFactorials[k - 1] as number) + Math.log(k))
  return logFactorials[n] as number
}
const logChoose = (n: number, k: number) => logFactorial(n) - logFactorial(k) - logFactorial(n - k)

/** Probability of at least `hits` in `n` tries of which each hits with probability `rate`, below 1; of none at all, `hits` are more than none. */
export function binomialTest(hits: number, n: number, rate: number): number {
  let sum = 0
  // In logarithms: 0.5 ** 1,075 is nothing at all, and an improbability of nothing convicts.
  for (let k = hits; k <= n; k++) sum += Math.exp(logChoose(n, k) + k * Math.log(rate) + (n - k) * Math.log1p(-rate))
  return Math.min(1, sum)
}

/** Probability of at least `wins` out of `n` fair tosses. */
export const signTest = (wins: number, n: number): number => binomialTest(wins, n, 0.5)

/** Probability of at least `a` among `of` if `a + b` events fall on `of + ofB` at random (Fisher's exact test, one-sided). */
export function fisherTest(a: number, of: number, b: number, ofB: number): number {
  const events = a + b
  const all = logChoose(of + ofB, events)
  let sum = 0
  for (let k = a; k <= Math.min(of, events); k++)
    if (events - k <= ofB) sum += Math.exp(logChoose(of, k) + logChoose(ofB, events - k) - all)
  return Math.min(1, sum)
}
