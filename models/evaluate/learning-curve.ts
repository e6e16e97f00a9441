/** How accuracy grows with examples: nested samples, so that every larger one contains the smaller. */
import { bucketOf } from '../train/split'

interface Labelled {
  text: string
  label: string
}

/** The first `count` rows of each label in an order that depends on the texts alone. */
export function shots<Row extends Labelled>(rows: readonly Row[], count: number): Row[] {
  const taken = new Map<string, number>()
  return rows
    .map((row, at) => ({ row, at, bucket: bucketOf(row.text) }))
    .sort((a, b) => a.bucket - b.bucket || a.at - b.at)
    .filter(({ row }) => {
      const before = taken.get(row.label) ?? 0
      taken.set(row.label, before + 1)
      return before < count
    })
    .map(({ row }) => row)
}

export interface CurvePoint {
  /** Examples per label; null for all. */
  perLabel: number | null
  rows: number
  accuracy: number
}

/** Trains and judges once per size; `null` is all rows. */
export async function learningCurve<Row extends Labelled>(
  rows: readonly Row[],
  sizes: readonly (number | null)[],
  accuracyOf: (train: readonly Row[]) => Promise<number>,
): Promise<CurvePoint[]> {
  const points: CurvePoint[] = []
  for (const perLabel of sizes) {
    const train = perLabel === null ? [...rows] : shots(rows, perLabel)
    points.push({ perLabel, rows: train.length, accuracy: await accuracyOf(train) })
  }
  return points
}

/** The points at which more examples made it worse. */
export function falls(points: readonly CurvePoint[]): CurvePoint[] {
  return points.filter((point, at) => at > 0 && point.accuracy < (points[at - 1] as CurvePoint).accuracy)
}
