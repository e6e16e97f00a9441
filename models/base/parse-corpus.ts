/** Reads the written corpus: sections, marks for feeling and urgency, alternatives in braces, slots and frames. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Random } from '../train/random'

export type CorpusLanguage = 'en' | 'zh'

export interface Line {
  intent: string
  language: CorpusLanguage
  template: string
  sentiment: 'negative' | 'neutral' | 'positive'
  urgency: 'low' | 'normal' | 'high'
  /** Templates of verb and noun phrases are only used inside frames. */
  phrase?: 'vp' | 'np'
}

export type Slots = Record<CorpusLanguage, Record<string, string[]>>

const MARKS = /^([-+=~!]{1,2}) /

/** `- ` negative, `+ ` positive, `!` urgent, `~` can wait; no mark is a neutral, normal sentence. */
function parseLine(raw: string, intent: string, language: CorpusLanguage): Line {
  const marks = MARKS.exec(raw)?.[1] ?? ''
  const rest = marks ? raw.slice(marks.length + 1) : raw
  const phrase = /^(vp|np): /.exec(rest)?.[1] as 'vp' | 'np' | undefined
  return {
    intent,
    language,
    template: phrase ? rest.slice(4) : rest,
    sentiment: marks.includes('-') ? 'negative' : marks.includes('+') ? 'positive' : 'neutral',
    urgency: marks.includes('!') ? 'high' : marks.includes('~') ? 'low' : 'normal',
    ...(phrase ? { phrase } : {}),
  }
}

/** A file of sections `== <name> <language>`. */
export function parseSections(text: string): Line[] {
  const lines: Line[] = []
  let intent = ''
  let language: CorpusLanguage = 'en'
  for (const raw of text.split('\n')) {
    const line = raw.trimEnd()
    if (line.startsWith('== ')) {
      const words = line.slice(3).split(' ')
      language = words.pop() as CorpusLanguage
      intent = words[0] ?? ''
    } else if (line !== '') lines.push(parseLine(line, intent, language))
  }
  return lines
}

export function readFolder(folder: string): Line[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.txt'))
    .sort()
    .flatMap((name) => parseSections(readFileSync(join(folder, name), 'utf8')))
}

export function readSlots(folder: string): Slots {
  return JSON.parse(readFileSync(join(folder, 'slots.json'), 'utf8')) as Slots
}

/** Splits at `|` outside of braces. */
export function alternatives(text: string): string[] {
  const parts: string[] = []
  let depth = 0
  let from = 0
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '{') depth++
    else if (text[at] === '}') depth--
    else if (text[at] === '|' && depth === 0) {
      parts.push(text.slice(from, at))
      from = at + 1
    }
  }
  parts.push(text.slice(from))
  return parts
}

/** How many sentences a template stands for, slots not counted. */
export function breadth(template: string): number {
  let total = 1
  for (const group of template.match(/\{[^{}]*\}/g) ?? []) total *= alternatives(group.slice(1, -1)).length
  return total
}

/** One sentence of a template: alternatives, frames and slots chosen by chance. */
export function expand(template: string, slots: Record<string, string[]>, random: Random): string {
  let text = template
  while (text.includes('{')) {
    const before = text
    text = text.replace(/\{([^{}]*)\}/g, (_, inner: string) => {
      const options = alternatives(inner)
      return options[random.below(options.length)] as string
    })
    if (text === before) throw new Error(`a brace without its pair: ${template}`)
  }
  text = text.replace(/<(\w+)>/g, (_, name: string) => {
    const options = slots[name]
    if (!options) throw new Error(`no slot <${name}>: ${template}`)
    return options[random.below(options.length)] as string
  })
  return text.replace(/\s+/g, ' ').trim()
}
