/** The card of an exported dataset: what it is, how it came to be and what was taken out; YAML head as on the Hugging Face hub. */

export interface CardFacts {
  name: string
  day: string
  hash: string
  texts: number
  intents: readonly { key: string; texts: number }[]
  sources: Record<string, number>
  languages: readonly string[]
  /** Words and phrases that fewer contacts used are hidden. */
  fewestContacts: number
  /** The dataset of a training that these are the texts of. */
  dataset?: CardDataset
}

export interface CardDataset {
  /** sha256 of what it held, before masking. */
  hash: string
  /** Rows when it was taken down, erased or taken back since, and left now. */
  taken: number
  gone: number
  there: number
  /** As it was taken down. */
  terms?: { learnFrom: 'all' | 'consented'; keepMonths: number | null; people: number } | undefined
  splits: { train: number; test: number }
}

const sizeOf = (texts: number): string =>
  texts < 1_000 ? 'n<1K' : texts < 10_000 ? '1K<n<10K' : texts < 100_000 ? '10K<n<100K' : '100K<n<1M'

/** Of English and Chinese, those that the texts are written in. */
export const languagesOf = (texts: readonly string[]): string[] => [
  ...(texts.some((text) => /\p{Script=Latin}{3}/u.test(text)) ? ['en'] : []),
  ...(texts.some((text) => /\p{Script=Han}/u.test(text)) ? ['zh'] : []),
]

const frozen = ({ hash, taken, gone, there, terms, splits }: CardDataset): string => `
Dataset \`${hash}\`: ${taken} texts when it was taken down, ${there} of them are here${gone ? `; ${gone} were erased or taken back since` : ''}.
${splits.train} were to learn from (\`train\`), ${splits.test} held out that nobody learned (\`test\`); texts of one conversation stand on one side.
${
  terms
    ? `It holds messages of ${terms.people} contacts, ${terms.learnFrom === 'consented' ? 'of those alone who agreed to it' : 'of all who did not refuse'}; the account erased resolved
conversations ${terms.keepMonths === null ? 'never' : `after ${terms.keepMonths} months`}. Who refused since is left out.
`
    : ''
}`

export function writeCard(facts: CardFacts): string {
  const list = (items: readonly string[]) => items.map((item) => `- ${item}`).join('\n')
  return `---
pretty_name: ${JSON.stringify(facts.name)}
task_categories:
- text-classification
language:
${list(facts.languages)}
size_categories:
- ${sizeOf(facts.texts)}
license: other
---

# ${facts.name}

Texts of customers with the intent that a person gave them. Made on ${facts.day}; sha256 of its rows \`${facts.hash}\`.
${facts.dataset ? frozen(facts.dataset) : ''}
## Columns

- \`text\`: what was written. E-mail and postal addresses, phone, card, bank account and identity numbers, names after the usual words,
  network addresses and secrets are replaced by their kind in brackets. Words that fewer than ${facts.fewestContacts} contacts used are replaced by ▢, and of
  each phrase of two or three words that fewer used, at least one.
- \`label\`: key of the intent; \`label_name\`: what the account calls it, where it has a name of its own.
- \`source\`: \`correction\` (a message of a visitor, labelled by an agent), \`written\` or \`import\` (texts of the account itself, unmasked words).
- \`conversation\`: texts of one conversation have the same one; it is no number of the account's.
${facts.dataset ? '- `split`: `train` or `test`.\n' : ''}
## Content

${list(Object.entries(facts.sources).map(([source, texts]) => `${source}: ${texts}`))}

| label | texts |
|---|---|
${facts.intents.map(({ key, texts }) => `| ${key} | ${texts} |`).join('\n')}

## Limits

Masking goes by patterns and check digits: it can miss what has an unusual form, and a name that no usual word leads to; only the words of few contacts are hidden then. Labels are the judgement of one person each.
Corrections are made where a model erred, so hard messages are over-represented. Share it only with those who may see it.
`
}
