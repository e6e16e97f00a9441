/** Prisma's adapter for PostgreSQL, but for one thing: the statements of a transaction go one after another. */
import { PrismaPg } from '@prisma/adapter-pg'

type Adapter = Awaited<ReturnType<PrismaPg['connect']>>
type Transaction = Awaited<ReturnType<Adapter['startTransaction']>>

/**
 * One operation of Prisma's may be several statements (a row with two relations, very many rows), which it sends at once. A transaction
 * has one connection, whose driver queues what comes too early with a warning, and says that it will refuse it one day.
 */
function oneByOne(transaction: Transaction): Transaction {
  let last: Promise<unknown> = Promise.resolve()
  const inTurn =
    <Query, Result>(run: (query: Query) => Promise<Result>) =>
    (query: Query): Promise<Result> => {
      const mine = last.then(() => run(query))
      last = mine.catch(() => {})
      return mine
    }
  transaction.queryRaw = inTurn(transaction.queryRaw.bind(transaction))
  transaction.executeRaw = inTurn(transaction.executeRaw.bind(transaction))
  return transaction
}

export class Postgres extends PrismaPg {
  override async connect(): Promise<Adapter> {
    const adapter = await super.connect()
    const start = adapter.startTransaction.bind(adapter)
    adapter.startTransaction = async (isolation) => oneByOne(await start(isolation))
    return adapter
  }
}
