/** Trains once as the worker does, into the folder named on the command line, and says which bundle came of it. */
import { ChildTrainer } from '@/lib/platform/training/trainer.child'
import { newSigningKey } from '@/models/bundle/sign'
import { fewIntents } from '../../unit/models/small-model'

const [folder = '', key = newSigningKey().privateKey] = process.argv.slice(2)
const rows = fewIntents(['order_status', 'refund', 'password'])
  .filter((_, at) => at % 12 === 0)
  .map((row, at) => ({ ...row, group: `row ${at}` }))
const task = {
  rows,
  unlabelled: [],
  keep: ['greeting'],
  seed: 1,
  accountId: '01a218df-4859-74d8-965c-aa666b1252ac',
  createdAt: '2026-01-01T00:00:00.000Z',
  budgetMs: 120_000,
}
const trainer = new ChildTrainer(folder, key)
const bundle = await trainer.train(task, ({ done }) => process.stdout.write(`${done}\n`), new AbortController().signal)
process.stdout.write(`bundle ${bundle.digest}\n`)
