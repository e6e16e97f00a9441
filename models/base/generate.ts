/** Turns the written corpus into sentences: every template spoken several times, with the slips people make. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { cleanText } from '../text/clean'
import { Random } from '../train/random'
import {
  alternatives,
  breadth,
  type CorpusLanguage,
  expand,
  type Line,
  parseSections,
  readFolder,
  readSlots,
  type Slots,
} from './parse-corpus'

export interface Sentence {
  text: string
  language: CorpusLanguage
  intent: string
  sentiment: Line['sentiment']
  urgency: Line['urgency']
  /** Sentences of one template stay on one side of the held-out line. */
  template: number
}

/** Sentences per intent and language from whole lines, and from verb and noun phrases in frames. */
const FROM_LINES = 170
const FROM_FRAMES = 130
/** What lies outside is wider than any intent: it is given more room. */
const OUTSIDE = { intent: 'out_of_scope', times: 3 } as const
/** Sentences of one feelings template. */
const PER_FEELING = 45

export interface Corpus {
  intents: Sentence[]
  feelings: Sentence[]
}

export function generate(folder: string, seed: number): Corpus {
  const slots = readSlots(folder)
  const random = new Random(seed)
  const state = { template: 0, seen: new Set<string>() }
  const lines = readFolder(join(folder, 'intents'))
  const frames = parseSections(readFileSync(join(folder, 'frames.txt'), 'utf8'))
  const intents: Sentence[] = []
  const keys = [...new Set(lines.map((line) => `${line.intent} ${line.language}`))]
  for (const key of keys) {
    const own = lines.filter((line) => `${line.intent} ${line.language}` === key)
    intents.push(
      ...speakLines(
        own.filter((line) => !line.phrase),
        slots,
        random,
        state,
      ),
    )
    intents.push(
      ...speakFrames(
        own.filter((line) => line.phrase),
        frames,
        slots,
        random,
        state,
      ),
    )
  }
  const feelings = speakFeelings(readFolder(join(folder, 'feelings')), slots, random, state)
  return { intents: [...intents, ...withFeelings(intents, feelings, random, state)], feelings }
}

/** Share of plain requests that are said once more with a feeling before or after them. */
const MIXED = 0.2

/** "Where is my order" + "I am so angry": the request stays, the feeling colours it. */
function withFeelings(intents: Sentence[], feelings: Sentence[], random: Random, state: State): Sentence[] {
  const coloured = feelings.filter(({ sentiment, text }) => sentiment !== 'neutral' && text.length < 80)
  const out: Sentence[] = []
  for (const sentence of intents) {
    if (sentence.sentiment !== 'neutral' || random.float() > MIXED) continue
    const fitting = coloured.filter(({ language }) => language === sentence.language)
    const feeling = fitting[random.below(fitting.length)] as Sentence
    const [joint, end] = sentence.language === 'zh' ? ['，', '！'] : [random.float() < 0.5 ? '. ' : ', ', '!']
    const bare = (text: string) => text.replace(/[.!?。！？~]+$/u, '')
    const parts = [bare(sentence.text), bare(feeling.text)]
    if (random.float() < 0.5) parts.reverse()
    const text = parts.join(joint) + (random.float() < 0.4 ? end : '')
    if (state.seen.has(`${sentence.intent} ${cleanText(text)}`)) continue
    const urgency = feeling.urgency === 'high' ? 'high' : sentence.urgency
    out.push({ ...sentence, text, sentiment: feeling.sentiment, urgency })
  }
  return out
}

interface State {
  template: number
  seen: Set<string>
}

function add(out: Sentence[], line: Line, text: string, template: number, state: State, random: Random): boolean {
  const said = slip(text, line.language, random)
  const key = `${line.intent} ${cleanText(said)}`
  if (state.seen.has(key)) return false
  state.seen.add(key)
  const { language, intent, sentiment, urgency } = line
  out.push({ text: said, language, intent, sentiment, urgency, template })
  return true
}

function room(line: Line): number {
  return line.intent === OUTSIDE.intent ? OUTSIDE.times : 1
}

/** Broad templates speak more often, in proportion to the root of what they can say. */
function speakLines(lines: Line[], slots: Slots, random: Random, state: State): Sentence[] {
  const out: Sentence[] = []
  const total = lines.reduce((sum, line) => sum + Math.sqrt(breadth(line.template)), 0)
  for (const line of lines) {
    const template = state.template++
    const wanted = Math.max(1, Math.round((room(line) * FROM_LINES * Math.sqrt(breadth(line.template))) / total))
    for (let turn = 0; turn < wanted; turn++) {
      add(out, line, expand(line.template, slots[line.language], random), template, state, random)
    }
  }
  return out
}

function speakFrames(lines: Line[], frames: Line[], slots: Slots, random: Random, state: State): Sentence[] {
  const out: Sentence[] = []
  const phrases = lines.flatMap((line) => alternatives(line.template).map((template) => ({ ...line, template })))
  if (phrases.length === 0) return out
  const templates = phrases.map(() => state.template++)
  for (let turn = 0; turn < FROM_FRAMES * room(phrases[0] as Line); turn++) {
    const at = turn % phrases.length
    const phrase = phrases[at] as (typeof phrases)[number]
    const fitting = frames.filter(
      (frame) => frame.language === phrase.language && frame.template.includes(`{${phrase.phrase}}`),
    )
    const frame = fitting[random.below(fitting.length)] as Line
    const template = frame.template.replace(`{${phrase.phrase}}`, phrase.template)
    add(out, phrase, expand(template, slots[phrase.language], random), templates[at] as number, state, random)
  }
  return out
}

/** Feelings files bring their own word lists: lines `<name> = a|b|c`. */
function speakFeelings(lines: Line[], slots: Slots, random: Random, state: State): Sentence[] {
  const own: Slots = { en: { ...slots.en }, zh: { ...slots.zh } }
  const out: Sentence[] = []
  for (const line of lines) {
    const list = /^<(\w+)> = (.+)$/.exec(line.template)
    if (list) own[line.language][list[1] as string] = (list[2] as string).split('|')
  }
  for (const line of lines) {
    if (/^<\w+> = /.test(line.template)) continue
    const template = state.template++
    const open = line.template.replace(/<(\w+)>/g, (whole, name: string) =>
      name === 'number' || name === 'day' ? whole : `{${(own[line.language][name] ?? []).join('|')}}`,
    )
    for (let turn = 0; turn < PER_FEELING; turn++) {
      let text = expand(line.template, own[line.language], random)
      // A word list may itself name a slot ("<thing>" holds "<item>").
      if (/<\w+>/.test(text)) text = expand(text, own[line.language], random)
      if (text) add(out, line, text, template, state, random)
      if (breadth(open) < turn) break
    }
  }
  return out
}

const KEYS_NEAR: Record<string, string> = {
  a: 's',
  e: 'r',
  i: 'o',
  o: 'p',
  r: 't',
  t: 'y',
  n: 'm',
  s: 'd',
  l: 'k',
  u: 'i',
}

/** What fingers do: now and then two letters swap, one is lost, doubled or missed; marks are left out. */
function slip(text: string, language: CorpusLanguage, random: Random): string {
  let said = text
  if (random.float() < 0.3) said = said.replace(/[.!?。！？]+$/u, '')
  if (random.float() < 0.25) said = said.toLowerCase()
  if (random.float() < 0.04) said = said.toUpperCase()
  if (language !== 'en' || said.length < 12 || random.float() > 0.15) return said
  const at = 1 + random.below(said.length - 2)
  const letter = said[at] as string
  if (!/[a-z]/.test(letter)) return said
  const turn = random.below(4)
  if (turn === 0) return said.slice(0, at) + said.slice(at + 1)
  if (turn === 1) return said.slice(0, at) + letter + said.slice(at)
  if (turn === 2) return said.slice(0, at) + (KEYS_NEAR[letter] ?? letter) + said.slice(at + 1)
  return `${said.slice(0, at)}${said[at + 1]}${letter}${said.slice(at + 2)}`
}
