/** A labelled corpus of any size: kinds × writings × places in a sentence × neighbours, in two languages, the same for each seed. */
import { Random } from '@/models/train/random'
import { pick } from './digits'
import { innocent } from './innocent'
import { chinese, english, type Kind, neighbours } from './sentences'
import { makers } from './values'

export type Language = 'en' | 'zh'

export interface Labelled {
  text: string
  spans: { kind: Kind; from: number; to: number }[]
}

/** Kinds that are numbers: their digits may be full-width ones of a Chinese keyboard. */
const numbers: ReadonlySet<Kind> = new Set(['card', 'resident_id', 'phone'])
const wide = (text: string) => text.replace(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0))

/** Neighbours swap two letters, lose one or forget capitals; what is marked is as its maker wrote it. */
function slip(random: Random, text: string): string {
  const at = 1 + random.below(Math.max(1, text.length - 3))
  const how = random.below(12)
  if (how === 0) return text.slice(0, at) + text.slice(at + 1)
  if (how === 1) return text.slice(0, at) + text[at + 1] + text[at] + text.slice(at + 2)
  return how === 2 ? text.toLowerCase() : text
}

class Draft {
  text = ''
  readonly spans: Labelled['spans'] = []

  add(text: string, kind?: Kind): void {
    if (kind) this.spans.push({ kind, from: this.text.length, to: this.text.length + text.length })
    this.text += text
  }
}

function speak(random: Random, kind: Kind, language: Language): Labelled {
  const draft = new Draft()
  const between = language === 'en' ? pick(random, [' ', ' ', '\n']) : pick(random, ['', ' ', '，', '\n'])
  if (random.below(3) === 0) draft.add(slip(random, pick(random, neighbours[language])) + between)
  const line = pick(random, (language === 'en' ? english : chinese)[kind]).replaceAll('|', '\n')
  const made = makers[language][kind](random)
  const value = language === 'zh' && numbers.has(kind) && random.below(8) === 0 ? wide(made) : made
  // `~…~` belongs to a card beside its number.
  for (const [at, part] of line.split(/(\{\}|~[^~]*~)/).entries()) {
    if (part === '{}') draft.add(value, kind)
    else draft.add(part.replaceAll('~', ''), at % 2 ? kind : undefined)
  }
  if (random.below(3) === 0) draft.add(between + slip(random, pick(random, neighbours[language])))
  return draft
}

/** @returns `amount` texts with something of the kind in each */
export function personal(kind: Kind, language: Language, amount: number, seed: number): Labelled[] {
  const random = new Random(seed)
  return Array.from({ length: amount }, () => speak(random, kind, language))
}

/** Texts in which nobody is named. */
export function harmless(language: Language, amount: number, seed: number): Labelled[] {
  const random = new Random(seed)
  return Array.from({ length: amount }, () => ({ text: slip(random, innocent(random, language)), spans: [] }))
}

export const kinds = Object.keys(english) as Kind[]
