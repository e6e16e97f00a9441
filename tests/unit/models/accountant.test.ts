/** The privacy accountant: published figures, the definition itself by numerical integration, and what must always hold. */
import { describe, expect, it } from 'vitest'
import { epsilonOf, noiseFor, rdpOf } from '@/models/train/accountant'

const mnist = (noise: number, epochs: number) => ({
  rate: 256 / 60_000,
  noise,
  steps: Math.floor((epochs * 60_000) / 256),
})

/**
 * RDP from its definition: 1/(α−1) ln E[(((1−q) + q·p₁/p₀)(x))^α], x from p₀ = N(0, σ²), p₁ = N(1, σ²), summed in small steps
 * as far as the weight at a large order may lie.
 */
function byDefinition(rate: number, noise: number, order: number): number {
  const [from, to, step] = [-12 * noise, order + 12 * noise, noise / 400]
  let sum = 0
  for (let x = from; x <= to; x += step) {
    const density = Math.exp(-(x * x) / (2 * noise * noise)) / (noise * Math.sqrt(2 * Math.PI))
    const ratio = 1 - rate + rate * Math.exp((2 * x - 1) / (2 * noise * noise))
    sum += density * ratio ** order * step
  }
  return Math.log(sum) / (order - 1)
}

describe('the accountant', () => {
  it('gives the ε that are published for DP-SGD on MNIST at δ = 1e-5', () => {
    // TensorFlow Privacy, tutorials/README.md: noise 1.12 · 60 epochs, 0.6 · 30, 1.2 · 10; batches of 256 of 60,000.
    for (const [noise, epochs, published] of [
      [1.12, 60, 2.92],
      [0.6, 30, 9.74],
      [1.2, 10, 1.2],
    ] as const) {
      const epsilon = epsilonOf(mnist(noise, epochs), 1e-5, 'classical')
      expect(epsilon).toBeGreaterThan(published * 0.99)
      expect(epsilon).toBeLessThan(published * 1.03)
      expect(epsilonOf(mnist(noise, epochs), 1e-5)).toBeLessThan(epsilon)
    }
  })

  it('agrees with the definition at whole orders, and never lies below it between them', () => {
    for (const [rate, noise] of [
      [0.01, 1],
      [0.1, 1.2],
      [0.5, 3],
    ] as const) {
      for (const order of [2, 3, 8, 16])
        expect(rdpOf(rate, noise, order)).toBeCloseTo(byDefinition(rate, noise, order), 6)
      for (const order of [1.3, 2.5, 7.9]) {
        const exact = byDefinition(rate, noise, order)
        expect(rdpOf(rate, noise, order)).toBeGreaterThanOrEqual(exact - 1e-9)
      }
    }
  })

  it('is the Gaussian mechanism when everybody takes part, and nothing when nobody does', () => {
    // Mironov 2017, corollary 3: α / 2σ².
    for (const order of [2, 5, 32]) expect(rdpOf(1, 2, order)).toBeCloseTo(order / 8, 12)
    expect(rdpOf(0, 1, 8)).toBe(0)
  })

  it('spends more with more steps, more sampling and less noise', () => {
    const at = { rate: 0.05, noise: 1, steps: 100 }
    const spent = epsilonOf(at, 1e-5)
    expect(epsilonOf({ ...at, steps: 200 }, 1e-5)).toBeGreaterThan(spent)
    expect(epsilonOf({ ...at, rate: 0.1 }, 1e-5)).toBeGreaterThan(spent)
    expect(epsilonOf({ ...at, noise: 0.8 }, 1e-5)).toBeGreaterThan(spent)
    expect(epsilonOf(at, 1e-7)).toBeGreaterThan(spent)
  })

  it('finds the least noise that keeps within what may be spent', () => {
    for (const epsilon of [0.5, 1, 3, 8, 20]) {
      const noise = noiseFor(epsilon, 1e-5, 0.1, 100)
      expect(epsilonOf({ rate: 0.1, noise, steps: 100 }, 1e-5)).toBeLessThanOrEqual(epsilon)
      expect(epsilonOf({ rate: 0.1, noise: noise * 0.99, steps: 100 }, 1e-5)).toBeGreaterThan(epsilon)
    }
  })
})
