/**
 * Windows over the signs of a text, 1 … n signs wide, of which the first begins before the text and the last ends after it. For each
 * width, each place in the window and each sign there is a row of numbers; they are added along a window, and what counts is the most
 * that any window reaches, at least nothing: padding then changes no answer.
 */
export interface Windows {
  /** n: the widest. */
  windows: number
  /** Units of all widths together, the narrow windows' first. */
  hidden: number
}

/** No window reached more than nothing. */
export const NOWHERE = -0x80000000

/** Places of all widths together: 1 + 2 + … + n. A sign's row of the table has `columns` numbers for each. */
export const placesOf = ({ windows }: Windows): number => (windows * (windows + 1)) / 2
/** Of the windows of one width, where their places begin. */
export const firstPlace = (width: number): number => (width * (width - 1)) / 2
export const columnsOf = ({ windows, hidden }: Windows): number => hidden / windows

/** Numbers of a table that share one scale when it is stored in eight bits: a row, or one place of a sign's. */
export const scaledWidth = ({ width, windows, hidden }: { width: number; windows?: number; hidden: number }): number =>
  windows ? columnsOf({ windows, hidden }) : width

/** Writes what each unit reaches to `most`, and where the window that did it begins to `where`, both from `at` on. */
export function pool(
  of: Windows & { table: Float32Array },
  signs: Int32Array,
  most: Float32Array,
  where: Int32Array,
  at = 0,
): void {
  const { table } = of
  const columns = columnsOf(of)
  const row = placesOf(of) * columns
  const line = new Float32Array(columns)
  most.fill(0, at, at + of.hidden)
  where.fill(NOWHERE, at, at + of.hidden)
  for (let width = 1; width <= of.windows; width++) {
    const to = at + (width - 1) * columns
    const block = firstPlace(width) * columns
    for (let start = 1 - width; start < signs.length; start++) {
      line.fill(0)
      const end = Math.min(width, signs.length - start)
      for (let place = Math.max(0, -start); place < end; place++) {
        const from = (signs[start + place] as number) * row + block + place * columns
        for (let d = 0; d < columns; d++) line[d] = (line[d] as number) + (table[from + d] as number)
      }
      for (let d = 0; d < columns; d++) {
        if ((line[d] as number) > (most[to + d] as number)) {
          most[to + d] = line[d] as number
          where[to + d] = start
        }
      }
    }
  }
}

/** Visits the signs in the window of a unit that begins at `start`: where each stands in the text, and where in the table what it adds there. */
export function eachSign(
  of: Windows,
  unit: number,
  start: number,
  signs: Int32Array,
  visit: (sign: number, at: number) => void,
): void {
  if (start === NOWHERE) return
  const columns = columnsOf(of)
  const row = placesOf(of) * columns
  const width = Math.floor(unit / columns) + 1
  const column = firstPlace(width) * columns + (unit % columns)
  const end = Math.min(width, signs.length - start)
  for (let place = Math.max(0, -start); place < end; place++) {
    visit(start + place, (signs[start + place] as number) * row + column + place * columns)
  }
}
