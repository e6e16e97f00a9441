/** The card of a version: what it is for, what it learned from, how it was judged and where it fails; YAML head as on the Hugging Face hub. */
import type { WholeRun } from './read-runs'
import type { RunReport } from './runs'

export interface ModelFacts {
  account: string
  number: number
  /** sha256 of the bundle's manifest. */
  bundle: string
  bytes: number
  createdAt: Date
  languages: readonly string[]
  run: Pick<WholeRun, 'seed' | 'seconds' | 'cpuSeconds' | 'dataset'> & { report: RunReport }
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`
const within = (range: [number, number] | undefined): string =>
  range ? ` (95 %: ${percent(range[0])} to ${percent(range[1])})` : ''
/** A key is the account's own word: nothing in it may end a table's cell. */
const cell = (text: string): string => text.replace(/[|\r\n]/g, ' ')

const privacyOf = (spent: RunReport['privacy']): string =>
  spent
    ? `It was trained with
differential privacy, ε = ${spent.epsilon} at δ = ${spent.delta.toExponential(1)} for a single text added or taken away (DP-SGD: ${spent.steps} steps, each text in one with
chance ${spent.rate.toFixed(3)}, clipped to ${spent.clip}, noise ${spent.noise.toFixed(2)} times that; Rényi accountant). That covers all of the bundle except the names of
its intents and how many texts there were; the figures on this card are exact and not covered, nor are all texts of one contact together.`
    : `It was trained without
differential privacy: its weights may still tell something about single texts. Share it only with those who may see them.`

const beside = (unlabelled = 0): string =>
  unlabelled ? ` ${unlabelled} messages that nobody labelled, masked, taught by what a first model made of them.` : ''

const again = ({ read }: RunReport): string =>
  read
    ? `It read texts and messages masked by
the names known that day, sha256 \`${read}\`. What is the same by that digest gives the same weights with the same seed and program.`
    : `The same texts and messages, masked
alike, give the same weights with the same seed and program.`

export function writeModelCard({ account, number, bundle, bytes, createdAt, languages, run }: ModelFacts): string {
  const { report, dataset } = run
  const { candidate, champion, gate } = report
  const name = `${account}, version ${number}`
  const { counts } = dataset
  return `---
model_name: ${JSON.stringify(name)}
pipeline_tag: text-classification
library_name: onnx
language:
${languages.map((language) => `- ${language}`).join('\n')}
license: other
---

# ${cell(name)}

Says what a customer's message is about, or that it is not sure. Trained on ${createdAt.toISOString().slice(0, 10)};
sha256 of its manifest \`${bundle}\`, ${(bytes / 1e6).toFixed(1)} MB.

## Use

For messages to this account, in the languages it learned from. Below its threshold a person decides. It is not made for texts of another kind, for
judging the people who write, or for decisions that nobody can take back.

## Data

${counts.train} texts to learn from, ${counts.test} held out that nobody learned; ${counts.corrections} of all are messages with an agent's label,
${counts.imported} were imported.${beside(report.learned.unlabelled)} ${report.learned.repeats} repeats were joined, ${report.learned.contradictions} texts carried two labels.${dataset.gone ? ` Since then ${dataset.gone} of all were erased or taken back.` : ''} Dataset \`${dataset.hash}\`.

## Evaluation

On the ${candidate.texts} held-out texts, beside the model that was in charge then:

| | this version | in charge then |
|---|---|---|
| accuracy | ${percent(candidate.accuracy)}${within(candidate.accuracyRange)} | ${percent(champion.accuracy)} |
| macro-F1 | ${percent(candidate.macroF1)}${within(candidate.macroF1Range)} | ${percent(champion.macroF1)} |
| dares to label | ${percent(1 - candidate.unsure)} | ${percent(1 - champion.unsure)} |
| right when it does | ${percent(candidate.accuracyWhenSure)} | ${percent(champion.accuracyWhenSure)} |
| expected calibration error | ${percent(candidate.ece)} | ${percent(champion.ece)} |

${gate.unjudged ? 'Too few held-out texts for a comparison.' : gate.passes ? 'It held against that model.' : 'It did not hold against that model.'}

| intent | held-out texts | precision | recall | F1 |
|---|---|---|---|---|
${candidate.intents.map((one) => `| ${cell(one.label)} | ${one.support} | ${percent(one.precision)}${within(one.precisionRange)} | ${percent(one.recall)}${within(one.recallRange)} | ${percent(one.f1)}${within(one.f1Range)} |`).join('\n')}

## Training

Seed ${run.seed}; ${run.seconds === null ? 'an unknown time' : `${Math.round(run.seconds)} s`}, ${run.cpuSeconds === null ? 'unknown' : Math.round(run.cpuSeconds)} core seconds, on a CPU${report.measured?.code ? `, by the program \`${report.measured.code}\`` : ''}. ${again(report)}

## Limits

Held-out texts come from corrections and examples, so they are harder than usual messages. Its vocabulary holds
32-bit hashes of words and phrases, no texts${report.privacy ? '.' : ', and of what contacts wrote only what at least five of them did.'} ${privacyOf(report.privacy)}
`
}
