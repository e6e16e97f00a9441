/** Short texts that differ by a typing slip: a letter more, less or another, or a blank. Pure. */

/** In a longer text a slip leaves most trigrams as they are. */
const longest = 40
/** From so many signs on two slips are one text still. */
const twoFrom = 20
const han = /\p{Script=Han}/u
/** Shorter ones are other words as often: card, cart; of Chinese signs each says more. */
const shortest = (text: string): number => (han.test(text) ? 4 : 7)

const mayDiffer = (length: number): number => (length < twoFrom ? 1 : 2)
const [letter, denial, digit, other] = [1, 2, 3, 4]
const denies = '不没未别无非'
const kinds = new Uint8Array(1 << 16)
function kindOf(code: number): number {
  const known = kinds[code]
  if (known) return known
  const sign = String.fromCharCode(code)
  const isLetter = /^(?!\p{Script=Han})\p{L}$/u.test(sign)
  const kind = isLetter ? letter : denies.includes(sign) ? denial : /^\d$/.test(sign) ? digit : other
  kinds[code] = kind
  return kind
}

/** 退款 and 退货, 2 and 3: another sign or digit is another thing, where another letter is a slip. */
const swap = (a: number, b: number): number => (a === b ? 0 : kindOf(a) === letter && kindOf(b) === letter ? 1 : 2)
/** 不要 is no slip of 要, nor 12 of 2. */
const drop = (code: number): number => (kindOf(code) === denial || kindOf(code) === digit ? 3 : 1)

export const isShort = (text: string): boolean => text.length <= longest && text.length >= shortest(text)

/** Whether a few slips make one of two short texts the other. */
export function differBySlip(a: string, b: string): boolean {
  const most = mayDiffer(Math.min(a.length, b.length))
  if (Math.abs(a.length - b.length) > most) return false
  let from = 0
  while (from < a.length && from < b.length && a.charCodeAt(from) === b.charCodeAt(from)) from++
  let [endA, endB] = [a.length, b.length]
  while (endA > from && endB > from && a.charCodeAt(endA - 1) === b.charCodeAt(endB - 1)) {
    endA--
    endB--
  }
  return costFrom(a, from, endA, b, from, endB, most) <= most
}

/** Of what is left of both; whatever is dearer than `most` is one more than that. At most two steps deep, so at most nine ways. */
function costFrom(a: string, atA: number, endA: number, b: string, atB: number, endB: number, most: number): number {
  let [one, two] = [atA, atB]
  while (one < endA && two < endB && a.charCodeAt(one) === b.charCodeAt(two)) {
    one++
    two++
  }
  if (one === endA && two === endB) return 0
  if (most <= 0) return most + 1
  let best = most + 1
  const via = (cost: number, nextA: number, nextB: number) => {
    if (cost <= most) best = Math.min(best, cost + costFrom(a, nextA, endA, b, nextB, endB, most - cost))
  }
  if (one < endA) via(drop(a.charCodeAt(one)), one + 1, two)
  if (two < endB) via(drop(b.charCodeAt(two)), one, two + 1)
  if (one < endA && two < endB) via(swap(a.charCodeAt(one), b.charCodeAt(two)), one + 1, two + 1)
  return best
}

/** Where the parts of a text of that length begin and end: one more than may differ, so that one is the same in both (Pass-Join, Li 2011). */
function partsOf(length: number): [from: number, to: number][] {
  const parts = mayDiffer(length) + 1
  return Array.from({ length: parts }, (_, at) => [
    Math.floor((at * length) / parts),
    Math.floor(((at + 1) * length) / parts),
  ])
}

/** Finds, among texts given before, those that may differ from another by a slip: some tens of look-ups for each. */
export class ShortTexts {
  private readonly places = new Map<string, number[]>()

  add(text: string, place: number): void {
    if (!isShort(text)) return
    for (const [part, [from, to]] of partsOf(text.length).entries()) {
      const key = `${text.length} ${part} ${text.slice(from, to)}`
      const known = this.places.get(key)
      if (known) known.push(place)
      else this.places.set(key, [place])
    }
  }

  *near(text: string): Generator<number> {
    if (!isShort(text)) return
    const most = mayDiffer(text.length)
    for (let length = text.length - most; length <= text.length + most; length++)
      for (const [part, [from, to]] of partsOf(length).entries())
        for (let shift = -most; shift <= most; shift++)
          if (from + shift >= 0)
            yield* this.places.get(`${length} ${part} ${text.slice(from + shift, to + shift)}`) ?? []
  }
}
