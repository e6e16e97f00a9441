/**
 * Reads a cleaned text into hashed n-grams (words and word pairs, pieces inside words, runs of ideographs and the words in them), and
 * into its signs in order: each word, each ideograph, each mark.
 */
import { characterKinds, kindAt, SEPARATOR, SIGN_MARK, UNSPACED, WORD } from './characters'

/** Which n-grams are read; it travels in the bundle so that serving reads exactly what training read. */
export interface FeatureSpec {
  /** 2 reads all that 1 does and the words that a dictionary finds in unspaced writing. */
  version: 1 | 2
  /** Longest run of words (1 or 2). */
  words: number
  /** Shortest and longest piece of a word, borders included. */
  pieces: [number, number]
  /** Shortest and longest run of unspaced characters (Chinese, Japanese, Thai …). */
  runs: [number, number]
}

export const FEATURES: FeatureSpec = { version: 1, words: 2, pieces: [2, 5], runs: [1, 4] }

/** With thousands of texts to say how common each is, whole words tell intents better than runs alone (models/README.md). */
export const SEGMENTED: FeatureSpec = { ...FEATURES, version: 2 }

/** At most this many n-grams are read from one text; MAX_CHARACTERS × 6 would never reach it. */
const CAPACITY = 16384
/** Signs in order are read up to here: what a person wants is said by then, and each costs a window of every width. */
export const MOST_SIGNS = 200
const FNV_PRIME = 0x01000193
const WORD_SEED = 0x2545f491
const PAIR_SEED = 0x6a09e667
const PIECE_SEED = 0x3c6ef372
const RUN_SEED = 0x1f83d9ab
const SEGMENT_SEED = 0x5be0cd19
const BORDER = 0x20

/** The runtime's own dictionaries (ICU); which one is asked follows from the script, not from the locale. */
const segmenter = new Intl.Segmenter('zh', { granularity: 'word' })

/** Scratch that one reader fills again and again: hash and place of each n-gram, and of each sign, of the last text read. */
export class FeatureBuffer {
  readonly hash = new Uint32Array(CAPACITY)
  readonly start = new Uint16Array(CAPACITY)
  readonly end = new Uint16Array(CAPACITY)
  length = 0
  readonly sign = new Uint32Array(MOST_SIGNS)
  readonly signStart = new Uint16Array(MOST_SIGNS)
  readonly signEnd = new Uint16Array(MOST_SIGNS)
  signs = 0

  add(hash: number, start: number, end: number): void {
    const at = this.length
    if (at >= CAPACITY) return
    this.hash[at] = hash
    this.start[at] = start
    this.end[at] = end
    this.length = at + 1
  }

  addSign(hash: number, start: number, end: number): void {
    const at = this.signs
    if (at >= MOST_SIGNS) return
    this.sign[at] = hash
    this.signStart[at] = start
    this.signEnd[at] = end
    this.signs = at + 1
  }
}

/** The finishing mix of MurmurHash3: every input bit reaches every output bit. */
function finish(hash: number): number {
  let h = hash
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

/** Pieces of one word with a border on both sides, as scikit-learn's `char_wb` reads them. */
function readPieces(text: string, start: number, end: number, spec: FeatureSpec, out: FeatureBuffer): void {
  const [shortest, longest] = spec.pieces
  for (let from = start - 1; from <= end; from++) {
    let hash = PIECE_SEED
    const last = Math.min(from + longest, end + 1)
    for (let at = from; at < last; at++) {
      const unit = at < start || at >= end ? BORDER : text.charCodeAt(at)
      hash = Math.imul(hash ^ unit, FNV_PRIME)
      const length = at - from + 1
      if (length >= shortest) out.add(finish(hash + length), Math.max(from, start), Math.min(at + 1, end))
    }
    if (last === end + 1 && from >= start && last - from <= shortest) break
  }
}

function readRun(text: string, start: number, end: number, spec: FeatureSpec, out: FeatureBuffer): void {
  const [shortest, longest] = spec.runs
  for (let from = start; from < end; from++) {
    let hash = RUN_SEED
    const last = Math.min(from + longest, end)
    for (let at = from; at < last; at++) {
      hash = Math.imul(hash ^ text.charCodeAt(at), FNV_PRIME)
      const length = at - from + 1
      if (length >= shortest) out.add(finish(hash + length), from, at + 1)
    }
  }
}

/** Each ideograph, each mark that parts words, hashed as a word of its own. */
function readSigns(text: string, start: number, end: number, out: FeatureBuffer): void {
  for (let from = start; from < end; ) {
    const to = from + (from + 1 < end && isLowSurrogate(text, from + 1) ? 2 : 1)
    let hash = WORD_SEED
    for (let at = from; at < to; at++) hash = Math.imul(hash ^ text.charCodeAt(at), FNV_PRIME)
    out.addSign(finish(hash), from, to)
    from = to
  }
}

function readSegments(text: string, start: number, end: number, out: FeatureBuffer): void {
  for (const { segment, index } of segmenter.segment(text.slice(start, end))) {
    let hash = SEGMENT_SEED
    for (let at = 0; at < segment.length; at++) hash = Math.imul(hash ^ segment.charCodeAt(at), FNV_PRIME)
    out.add(finish(hash), start + index, start + index + segment.length)
  }
}

/** Reads all n-grams and signs of a cleaned text into `out`. */
export function readFeatures(text: string, spec: FeatureSpec, out: FeatureBuffer): void {
  const kinds = characterKinds()
  out.length = 0
  out.signs = 0
  let previous = 0
  let previousStart = 0
  for (let at = 0; at < text.length; ) {
    const kind = kindAt(kinds, text, at)
    if (kind === SEPARATOR) {
      if (text.charCodeAt(at) !== BORDER) readSigns(text, at, at + 1, out)
      at++
      continue
    }
    const start = at
    let hash = WORD_SEED
    do {
      hash = Math.imul(hash ^ text.charCodeAt(at), FNV_PRIME)
      at++
    } while (at < text.length && kind !== SIGN_MARK && continues(kinds, text, at, kind))
    if (kind === SIGN_MARK && at < text.length && isLowSurrogate(text, at)) {
      hash = Math.imul(hash ^ text.charCodeAt(at), FNV_PRIME)
      at++
    }
    if (kind === UNSPACED) {
      readRun(text, start, at, spec, out)
      readSigns(text, start, at, out)
      if (spec.version === 2) readSegments(text, start, at, out)
      previous = 0
      continue
    }
    const whole = finish(hash)
    out.add(whole, start, at)
    out.addSign(whole, start, at)
    if (previous !== 0 && spec.words > 1) out.add(finish(Math.imul(previous, PAIR_SEED) ^ hash), previousStart, at)
    if (kind === WORD) readPieces(text, start, at, spec, out)
    previous = hash
    previousStart = start
  }
}

function isLowSurrogate(text: string, at: number): boolean {
  const unit = text.charCodeAt(at)
  return unit >= 0xdc00 && unit < 0xe000
}

function continues(kinds: Uint8Array, text: string, at: number, kind: number): boolean {
  return isLowSurrogate(text, at) || kindAt(kinds, text, at) === kind
}
