/** The linear path fitted to the end: it is the best there is under its penalty, and no chance has a part in it. */
import { describe, expect, it } from 'vitest'
import { fitConvex } from '@/models/train/convex'
import { pack } from '@/models/train/examples'
import { type Path, type PathRun, trainPath } from '@/models/train/path'
import { Random } from '@/models/train/random'
import { convexPath } from '@/models/train/recipe'

const classes = 3
const rows = 6
const random = new Random(5)
const texts = Array.from({ length: 40 }, () => ({
  rows: Int32Array.of(1 + random.below(2), 3 + random.below(3)),
  weights: Float32Array.of(0.6, 0.8),
}))
/** The second n-gram mostly tells the label. */
const truth = texts.map((text) => (random.float() < 0.8 ? (text.rows[1] as number) - 3 : random.below(classes)))

function runOf(chosen: readonly number[], importance?: number[]): PathRun {
  const targets = new Float32Array(chosen.length * classes)
  chosen.forEach((at, line) => {
    targets[line * classes + (truth[at] as number)] = 1
  })
  return {
    examples: pack(chosen.map((at) => texts[at] as (typeof texts)[number])),
    targets,
    classes,
    rows,
    ...(importance ? { importance: Float32Array.from(importance) } : {}),
  }
}

const everything = texts.map((_, at) => at)
const penalty = 0.1
const options = convexPath(1, penalty)

function lossOf({ table, bias }: Pick<Path, 'table' | 'bias'>): number {
  const penalised = table.reduce((sum, weight) => sum + (penalty * weight * weight) / 2, 0)
  return texts.reduce((sum, text, at) => {
    const logits = Array.from(bias)
    text.rows.forEach((row, each) => {
      for (let c = 0; c < classes; c++)
        logits[c] = (logits[c] as number) + (text.weights[each] as number) * (table[row * classes + c] as number)
    })
    const all = Math.log(logits.reduce((total, logit) => total + Math.exp(logit), 0))
    return sum + all - (logits[truth[at] as number] as number)
  }, penalised)
}

describe('the convex path', () => {
  it('has the least loss: whatever weight is moved, the loss grows', async () => {
    const path = await fitConvex(runOf(everything), options, penalty)
    const least = lossOf(path)
    expect(least).toBeLessThan(
      0.8 * lossOf({ table: new Float32Array(rows * classes), bias: new Float32Array(classes) }),
    )
    for (const part of ['table', 'bias'] as const) {
      for (let at = 0; at < path[part].length; at++) {
        for (const moved of [-0.2, 0.2]) {
          const other = { table: path.table.slice(), bias: path.bias.slice() }
          other[part][at] = (other[part][at] as number) + moved
          expect(lossOf(other), `${part} ${at} ${moved}`).toBeGreaterThan(least)
        }
      }
    }
  })

  it('is the same for every seed, tells how far it is, and ends by itself', async () => {
    const told: number[] = []
    const one = await trainPath(runOf(everything), options, ({ epoch, epochs, loss }) => {
      told.push(loss)
      expect(epoch).toBeLessThanOrEqual(epochs)
    })
    expect(await trainPath(runOf(everything), convexPath(2, penalty))).toEqual(one)
    expect([...told].sort((a, b) => b - a)).toEqual(told)
    expect(told.length).toBeGreaterThan(3)
    expect(told.length).toBeLessThan(options.epochs)
  })

  it('hears a text of importance 2 as two of them', async () => {
    const twice = await fitConvex(runOf([...everything, 0]), options, penalty)
    const heavy = await fitConvex(runOf(everything, [2, ...everything.slice(1).map(() => 1)]), options, penalty)
    heavy.table.forEach((weight, at) => {
      expect(weight).toBeCloseTo(twice.table[at] as number, 2)
    })
  })

  it('is held closer to nothing by a larger penalty', async () => {
    const length = (path: Path) => Math.hypot(...path.table)
    const [free, held] = [
      await fitConvex(runOf(everything), options, 0.01),
      await fitConvex(runOf(everything), options, 5),
    ]
    expect(length(held)).toBeLessThan(length(free) / 2)
  })
})
