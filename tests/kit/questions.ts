/** Questions that people ask, with their labels: real ones of banking77 where the data lies beside the project, made-up ones otherwise. */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { readCsv } from '../../models/train/read-csv'

export interface Question {
  text: string
  label: string
}

/** Far apart in meaning: a few texts of each are enough to tell them from each other. */
const first = ['exchange_rate', 'passcode_forgotten', 'card_arrival', 'terminate_account', 'age_limit']

const things: Record<string, string[]> = {
  exchange_rate: ['exchange rate', 'rate for dollars', 'rate of the euro today', 'conversion rate'],
  passcode_forgotten: ['passcode that I forgot', 'new passcode', 'reset of my passcode', 'way in without the passcode'],
  card_arrival: ['card that was sent to me', 'delivery of my new card', 'card in the post', 'tracking of my card'],
  terminate_account: [
    'end of my account',
    'closing of this account',
    'deletion of the account',
    'way to leave the bank',
  ],
  age_limit: ['least age', 'age limit for children', 'account for my daughter of ten', 'right age to join'],
}
const ways = [
  (it: string) => `What about the ${it}?`,
  (it: string) => `I would like to know more about the ${it}`,
  (it: string) => `Could you help me with the ${it} please`,
  (it: string) => `hi, question: ${it}`,
  (it: string) => `The ${it} - how does that work?`,
  (it: string) => `Tell me about the ${it} today`,
  (it: string) => `need ${it} now`,
  (it: string) => `Is there news of the ${it} since Monday?`,
]

const madeUp = (): Question[] =>
  Object.entries(things).flatMap(([label, its]) => ways.flatMap((way) => its.map((it) => ({ text: way(it), label }))))

/** So many labels with so many different texts each, as far as there are; always the same ones. */
export function questions(labels: number, each: number): Question[][] {
  const file = resolve('../shared/data/banking77/data.csv.gz')
  const all: Question[] = existsSync(file) ? readCsv(file) : madeUp()
  const names = [...new Set([...first, ...all.map(({ label }) => label)])].slice(0, labels)
  return names.map((name) => {
    const own = all.filter(({ text, label }) => label === name && text.length < 120 && !text.includes('\n'))
    return [...new Map(own.map((row) => [row.text, row])).values()].slice(0, each)
  })
}
