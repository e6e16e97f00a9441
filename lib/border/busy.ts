/** How much is worked on at once: beyond it a request is told to come again, so that those that are taken are answered in time. */
import { AppError } from '../core/errors'

/** Requests at work in this process, and of one account (or of nobody's): one that is busy leaves room for the others. */
const most = 512
const mostOfOne = 256

let all = 0
const each = new Map<string, number>()

/**
 * Does the work of one request, whose body has come: who sends slowly holds no place here.
 * @throws busy, with the seconds to wait
 */
export async function atWork<T>(accountId: string, work: () => T): Promise<Awaited<T>> {
  const own = each.get(accountId) ?? 0
  // Not all at the same moment again.
  if (all >= most || own >= mostOfOne) throw new AppError('busy', { retryAfter: 1 + Math.floor(Math.random() * 3) })
  all++
  each.set(accountId, own + 1)
  try {
    return await work()
  } finally {
    all--
    const left = (each.get(accountId) ?? 1) - 1
    if (left) each.set(accountId, left)
    else each.delete(accountId)
  }
}
